; The set-up program for Windows: for one user, without administrator's rights, and the update of what is there.
;
; Built by packaging/windows.py, which defines VERSION, TREE (the assembled folder), FILES (the generated script that
; unpacks one version), FONTS_ID, FONTS_SETUP (the name of the fonts' set-up program), FONTS_LIST (the generated script
; that names the fonts), NEED_MB, FONTS_MB (more of it when the fonts have to be installed), SIZE_KB,
; DICTIONARY_MB, OUTPUT and, if they apply, ICON and INCOMPLETE. Why the fonts come apart is
; docs/decisions/0012-windows-fonts-apart.md.
; Exit codes of `/S`: 0 done, 1 and 2 broken off, and the codes below.

Unicode true
!include LogicLib.nsh
!include FileFunc.nsh
!include WordFunc.nsh
!include x64.nsh
!include MUI2.nsh

!define FIRST_BUILD 17763 ; Windows 10 version 1809, the oldest our window library runs on
!define WINDOWS_8_BUILD 9200
!define REFUSED_32_BIT 10
!define REFUSED_WINDOWS 11 ; 12 and 14 are in common.nsi
!define REFUSED_DOWNGRADE 13
!define REFUSED_INCOMPLETE 15
!define REFUSED_FONTS 16 ; their set-up program does not lie beside this one
!define FAILED_FONTS 17 ; it does, but did not install them
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\babutong"
!define HOME "$LOCALAPPDATA\Programs\babutong"
!define FONTS "$INSTDIR\fonts\${FONTS_ID}"

Name "八步通"
OutFile "${OUTPUT}"
BrandingText "八步通 ${VERSION}"
RequestExecutionLevel user
ManifestDPIAware true
InstallDir "${HOME}"
AllowSkipFiles off ; half a program is worse than none
ShowInstDetails nevershow
ShowUninstDetails nevershow
SetCompressor /SOLID lzma
SetCompressorDictSize ${DICTIONARY_MB}

VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=2052 ProductName "八步通"
VIAddVersionKey /LANG=2052 FileDescription "八步通安装程序"
VIAddVersionKey /LANG=2052 FileVersion "${VERSION}"
VIAddVersionKey /LANG=2052 ProductVersion "${VERSION}"
VIAddVersionKey /LANG=2052 CompanyName "The Babutong authors"
VIAddVersionKey /LANG=2052 LegalCopyright "Apache-2.0"

Var Former ; the version installed before, or nothing
Var Situation ; one sentence about it on the first page
Var Need ; MB of free space
Var FontsHere ; 1: all fonts are installed
Var Trouble ; what to do when the set-up has been broken off
!include state.nsi
!include common.nsi
!include "${FONTS_LIST}"

!ifdef ICON
  !define MUI_ICON "${ICON}"
  !define MUI_UNICON "${ICON}"
!endif
!define MUI_ABORTWARNING
!define MUI_WELCOMEFINISHPAGE_BITMAP "${NSISDIR}/Contrib/Graphics/Wizard/nsis3-metro.bmp"
!define MUI_UNWELCOMEFINISHPAGE_BITMAP "${NSISDIR}/Contrib/Graphics/Wizard/nsis3-metro.bmp"
!define MUI_WELCOMEPAGE_TITLE "安装八步通 ${VERSION}"
!define MUI_WELCOMEPAGE_TEXT "适用系统：64 位的 Windows 10（1809 或更新）和 Windows 11。$\r$\n$\r$\n\
  $Situation$\r$\n$\r$\n只为当前用户安装，不需要管理员密码，也不需要联网。\
  安装时需要 $Need MB 磁盘空间。$\r$\n$\r$\n安装和更新都不会改动您的数据。单击“安装”开始。"
!define MUI_FINISHPAGE_TITLE "八步通已装好"
!define MUI_FINISHPAGE_TEXT "桌面和开始菜单上有“八步通”图标，双击即可打开。"
!define MUI_FINISHPAGE_RUN "$INSTDIR\babutong.exe"
!define MUI_FINISHPAGE_RUN_TEXT "现在打开八步通"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH

!define DATA_KEPT "您的数据不会被删除：登记的资料仍在您自己选的文件夹里（通常是“文档”中的“八步通”），\
  设置和运行记录仍在 $LOCALAPPDATA\babutong。"
!define MUI_UNCONFIRMPAGE_TEXT_TOP "将移除八步通程序。${DATA_KEPT}"
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!define MUI_FINISHPAGE_TITLE "八步通已移除"
!define MUI_FINISHPAGE_TEXT "${DATA_KEPT}$\r$\n$\r$\n重新安装后照常打开。"
!insertmacro MUI_UNPAGE_FINISH
!insertmacro MUI_LANGUAGE SimpChinese

; Refuse while the window or the command line of the version in a folder is running.
!macro RefuseRunning FOLDER WHAT
  !insertmacro SeeIfRunning "${FOLDER}\runtime\pythonw.exe"
  ${If} $8 = 0
    !insertmacro SeeIfRunning "${FOLDER}\runtime\python.exe"
  ${EndIf}
  ${If} $8 = 1
    !insertmacro Refuse ${REFUSED_BUSY} "八步通正在运行，${WHAT}。请关闭八步通的所有窗口，再试一次。"
  ${EndIf}
!macroend

!insertmacro MoveFolder ""
!insertmacro MoveFolder "un."

; $FontsHere becomes 0 when a font is missing or was cut off.
!macro SeeFont NAME SIZE
  StrCpy $8 -1
  ClearErrors
  FileOpen $9 "${FONTS}\${NAME}" r
  ${IfNot} ${Errors}
    FileSeek $9 0 END $8
    FileClose $9
  ${EndIf}
  ${If} $8 <> ${SIZE}
    StrCpy $FontsHere 0
  ${EndIf}
!macroend

; Into the output folder.
!macro TakeFont NAME SIZE
  System::Call 'kernel32::CopyFileW(w "${FONTS}\${NAME}", w "$OUTDIR\${NAME}", i 0) i .r8'
  ${If} $8 = 0
    StrCpy $FontsHere 0
  ${EndIf}
!macroend

; Remove all folders of a folder but the named ones. A version that is running, or of which anything else is in use
; (then it cannot be renamed), stays whole.
!macro RemoveOthers FOLDER KEEP1 KEEP2
  FindFirst $1 $2 "$INSTDIR\${FOLDER}\*"
  ${DoUntil} $2 == ""
    ${If} $2 != "."
    ${AndIf} $2 != ".."
    ${AndIf} $2 != "${KEEP1}"
    ${AndIf} $2 != "${KEEP2}"
      StrCpy $3 $2 "" -8
      ${If} $3 == ".removed" ; left by an earlier one
        RMDir /r "$INSTDIR\${FOLDER}\$2"
      ${Else}
        !insertmacro SeeIfRunning "$INSTDIR\${FOLDER}\$2\runtime\pythonw.exe"
        ${If} $8 = 0
          !insertmacro SeeIfRunning "$INSTDIR\${FOLDER}\$2\runtime\python.exe"
        ${EndIf}
        ${If} $8 = 0
          Rename "$INSTDIR\${FOLDER}\$2" "$INSTDIR\${FOLDER}\$2.removed"
          RMDir /r "$INSTDIR\${FOLDER}\$2.removed"
        ${EndIf}
      ${EndIf}
    ${EndIf}
    FindNext $1 $2
  ${Loop}
  FindClose $1
!macroend

Function CheckWindows
  ${IfNot} ${RunningX64}
    !insertmacro Refuse ${REFUSED_32_BIT} "这台电脑的 Windows 是 32 位的，八步通不能安装。$\r$\n$\r$\n\
      八步通需要 64 位的 Windows 10（1809 或更新）或 Windows 11。请换一台电脑，或请人重装 64 位系统。"
  ${EndIf}
  SetRegView 64
  ReadRegStr $0 HKLM "SOFTWARE\Microsoft\Windows NT\CurrentVersion" "CurrentBuildNumber"
  SetRegView lastused
  ${If} $0 < ${WINDOWS_8_BUILD}
    !insertmacro Refuse ${REFUSED_WINDOWS} "这台电脑是 Windows 7（或更早的系统），八步通不能安装。$\r$\n$\r$\n\
      八步通需要 64 位的 Windows 10（1809 或更新）或 Windows 11。请换一台电脑，或请人升级系统。"
  ${ElseIf} $0 < ${FIRST_BUILD}
    !insertmacro Refuse ${REFUSED_WINDOWS} "这台电脑的 Windows 版本太旧（内部版本 $0），八步通不能安装。$\r$\n$\r$\n\
      八步通需要 Windows 10 的 1809 版（内部版本 ${FIRST_BUILD}）或更新的系统。请先用 Windows 更新升级，再安装。"
  ${EndIf}
FunctionEnd

Function CheckFormer
  ${ReadState} $Former "$INSTDIR\current"
  StrCpy $Situation "八步通是贫困户识别、退出与监测的登记程序。"
  ${If} $Former != ""
    ${VersionCompare} $Former ${VERSION} $0
    ${If} $0 = 1
      !insertmacro Refuse ${REFUSED_DOWNGRADE} "这台电脑上已装有更新的八步通 $Former，不能换回 ${VERSION}。$\r$\n$\r$\n\
        数据可能已经是新版本的格式，旧程序读不了。什么都没有改动，请继续使用 $Former。"
    ${ElseIf} $0 = 0
      !insertmacro RefuseRunning "$INSTDIR\versions\${VERSION}" "程序文件换不了"
      StrCpy $Situation "这台电脑上已装有 ${VERSION}，这次会把程序文件重新装一遍。"
    ${Else}
      StrCpy $Situation "这台电脑上已装有 $Former，这次更新为 ${VERSION}。原来的版本会保留，新版本出问题时可以换回。"
    ${EndIf}
  ${EndIf}
FunctionEnd

Function SeeFonts
  StrCpy $FontsHere 1
  !insertmacro EachFont SeeFont
FunctionEnd

Function CheckFonts
  StrCpy $Need ${NEED_MB}
  Call SeeFonts
  ${If} $FontsHere = 0
    IntOp $Need $Need + ${FONTS_MB}
    ${IfNot} ${FileExists} "$EXEDIR\${FONTS_SETUP}"
      !insertmacro Refuse ${REFUSED_FONTS} "还缺一个文件，不能安装。什么都没有改动。$\r$\n$\r$\n\
        这台电脑上还没有这一版要用的文书字体，这次安装要有两个文件：$\r$\n$\r$\n$EXEFILE$\r$\n${FONTS_SETUP}\
        $\r$\n$\r$\n请把这两个文件复制到同一个文件夹（是压缩包的，先全部解压），再双击 $EXEFILE。\
        $\r$\n文件名不要改。没有字体文件的，请向提供程序的人要。"
    ${EndIf}
  ${EndIf}
FunctionEnd

Function .onInit
!ifdef INCOMPLETE
  !insertmacro Refuse ${REFUSED_INCOMPLETE} "这个安装程序不完整（缺少 Python 运行环境），只供开发时检查，不能安装。$\r$\n$\r$\n\
    请向提供程序的人要完整的安装程序。"
!endif
  StrCpy $INSTDIR "${HOME}" ; one place only, so an update always finds what is there
  Call CheckWindows
  !insertmacro RefuseSecond "babutong-setup"
  Call CheckFormer
  Call CheckFonts
  !insertmacro CheckSpace $Need
FunctionEnd

Function .onInstFailed
  SetOutPath "$TEMP"
  RMDir /r "$INSTDIR\versions\${VERSION}.new" ; a full disk is why most set-ups fail
  RMDir "$INSTDIR\versions"
  RMDir "$INSTDIR"
  ${If} $Trouble == ""
    StrCpy $Trouble "请关闭八步通，暂停杀毒软件的拦截，再运行一次安装程序。"
  ${EndIf}
  MessageBox MB_OK|MB_ICONEXCLAMATION "安装没有完成。您的数据没有改动；如果以前装有八步通，原来的版本照常可用。$\r$\n$\r$\n\
    $Trouble" /SD IDOK
FunctionEnd

; Run the fonts' set-up program unless it has been run before.
Function InstallFonts
  Call SeeFonts
  ${If} $FontsHere = 1
    Return
  ${EndIf}
  DetailPrint "正在安装文书字体……"
  ClearErrors
  ExecWait '"$EXEDIR\${FONTS_SETUP}" /S' $0
  ${If} ${Errors}
    StrCpy $0 "?"
  ${EndIf}
  Call SeeFonts
  ${If} $FontsHere = 0
    StrCpy $Trouble "文书字体没有装好（代码 $0）。请重新复制文件 ${FONTS_SETUP}，再运行一次安装程序。"
    SetErrorLevel ${FAILED_FONTS}
    Abort "字体没有装好。"
  ${EndIf}
FunctionEnd

; Copy the fonts into the unpacked version: every version is complete in itself.
Function TakeFonts
  SetOutPath "$INSTDIR\versions\${VERSION}.new\program\reports\assets\fonts"
  !insertmacro EachFont TakeFont
  ${If} $FontsHere = 0
    SetErrorLevel ${FAILED_FONTS}
    Abort "字体没有装好。"
  ${EndIf}
FunctionEnd

; Put the unpacked version in its place: nothing of it is named before it is complete.
Function SettleVersion
  ${If} ${FileExists} "$INSTDIR\versions\${VERSION}\*.*"
    !insertmacro Move "" "$INSTDIR\versions\${VERSION}" "$INSTDIR\versions\${VERSION}.old"
    ${If} ${Errors}
      Goto busy
    ${EndIf}
  ${EndIf}
  !insertmacro Move "" "$INSTDIR\versions\${VERSION}.new" "$INSTDIR\versions\${VERSION}"
  ${IfNot} ${Errors}
    RMDir /r "$INSTDIR\versions\${VERSION}.old"
    Return
  ${EndIf}
  Rename "$INSTDIR\versions\${VERSION}.old" "$INSTDIR\versions\${VERSION}"
  busy:
    RMDir /r "$INSTDIR\versions\${VERSION}.new"
    StrCpy $Trouble "有别的程序正在使用八步通的文件，换不了。请关闭八步通的所有窗口，再运行一次安装程序。"
    SetErrorLevel ${REFUSED_BUSY}
    Abort "文件正在使用。"
FunctionEnd

; Each by a new file moved over the old one, so that a broken-off set-up leaves a launcher that starts.
Function PlaceLauncher
  SetOutPath "$INSTDIR"
  File "/oname=babutong.exe.new" "${TREE}/babutong.exe"
  File "/oname=babutong-cli.cmd.new" "${TREE}/babutong-cli.cmd"
  File "/oname=channel.new" "${TREE}/channel"
  !insertmacro Replace "$INSTDIR\babutong.exe"
  Pop $0
  !insertmacro Replace "$INSTDIR\babutong-cli.cmd"
  Pop $0
  !insertmacro Replace "$INSTDIR\channel"
  Pop $0
  ; A launcher whose message is being read stays as it is; any launcher starts any version.
  Delete "$INSTDIR\babutong.exe.new"
  Delete "$INSTDIR\babutong-cli.cmd.new"
  WriteUninstaller "$INSTDIR\uninstall.exe"
FunctionEnd

Function RegisterProgram
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayName" "八步通"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "Publisher" "The Babutong authors"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\babutong.exe"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "EstimatedSize" ${SIZE_KB}
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoRepair" 1
  ; The output folder becomes the folder a shortcut starts in.
  SetOutPath "$DOCUMENTS"
  CreateShortcut "$SMPROGRAMS\八步通.lnk" "$INSTDIR\babutong.exe"
  ${If} $Former == ""
  ${OrIf} $Former == "${VERSION}"
    ; An update does not bring back an icon the user threw away.
    CreateShortcut "$DESKTOP\八步通.lnk" "$INSTDIR\babutong.exe"
  ${EndIf}
FunctionEnd

; Name the new version: from here on it is the one that starts.
Function NameVersion
  Delete "$INSTDIR\trial"
  Delete "$INSTDIR\trial-started"
  StrCpy $0 1
  ${If} $Former != ""
  ${AndIf} $Former != "${VERSION}"
    !insertmacro WriteState "$INSTDIR\previous" "$Former"
    Pop $0
  ${EndIf}
  ${If} $0 != 0
    !insertmacro WriteState "$INSTDIR\current" "${VERSION}"
    Pop $0
  ${EndIf}
  ${If} $0 = 0
    SetErrorLevel ${REFUSED_BUSY}
    Abort "换不了版本。"
  ${EndIf}
FunctionEnd

; What no version needs any more, as the program's own update does; what cannot be removed is tried the next time.
Function RemoveOld
  ${ReadState} $0 "$INSTDIR\previous"
  !insertmacro RemoveOthers "versions" "${VERSION}" "$0"
  !insertmacro RemoveOthers "fonts" "${FONTS_ID}" ""
FunctionEnd

Section
  RMDir /r "$INSTDIR\versions\${VERSION}.new"
  ; Undoes a set-up of this version that was cut off between its two renames; otherwise there is nothing to rename.
  Rename "$INSTDIR\versions\${VERSION}.old" "$INSTDIR\versions\${VERSION}"
  RMDir /r "$INSTDIR\versions\${VERSION}.old"
  Call InstallFonts
  !include "${FILES}"
  Call TakeFonts
  SetOutPath "$INSTDIR" ; a folder that is someone's working folder cannot be renamed
  Call SettleVersion
  Call PlaceLauncher
  Call RegisterProgram
  Call NameVersion
  Call RemoveOld
SectionEnd

Function un.onInit
  StrCpy $INSTDIR "${HOME}" ; whatever folder this program was copied to
  FindFirst $1 $2 "$INSTDIR\versions\*"
  ${DoUntil} $2 == ""
    !insertmacro RefuseRunning "$INSTDIR\versions\$2" "还没有移除任何东西"
    FindNext $1 $2
  ${Loop}
  FindClose $1
FunctionEnd

Section Uninstall
  SetOutPath "$TEMP"
  RMDir /r "$INSTDIR\versions.removed"
  ${If} ${FileExists} "$INSTDIR\versions\*.*"
    ; All or nothing: a folder with an open file in it cannot be renamed.
    !insertmacro Move "un." "$INSTDIR\versions" "$INSTDIR\versions.removed"
    ${If} ${Errors}
      !insertmacro Refuse ${REFUSED_BUSY} "有别的程序正在使用八步通的文件，还没有移除任何东西。\
        请关闭八步通和其他窗口，再试一次。"
    ${EndIf}
  ${EndIf}
  Delete "$SMPROGRAMS\八步通.lnk"
  Delete "$DESKTOP\八步通.lnk"
  Delete "$INSTDIR\current"
  Delete "$INSTDIR\previous"
  Delete "$INSTDIR\trial"
  Delete "$INSTDIR\trial-started"
  Delete "$INSTDIR\channel"
  Delete "$INSTDIR\babutong.exe"
  Delete "$INSTDIR\babutong-cli.cmd"
  RMDir /r "$INSTDIR\versions.removed"
  RMDir /r "$INSTDIR\fonts"
  DeleteRegKey HKCU "${UNINSTALL_KEY}"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
SectionEnd
