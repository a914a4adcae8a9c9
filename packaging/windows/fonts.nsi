; The set-up program of the paper fonts, which setup.nsi runs with /S when they are not there yet.
;
; Built by packaging/windows.py, which defines FONTS_ID, FILES (the generated script that unpacks them), NEED_MB,
; DICTIONARY_MB, OUTPUT and, if there is one, ICON. It knows no version and no time: the same fonts give the same file.
; Exit codes of `/S`: 0 done, 1 and 2 broken off, and the REFUSED_ codes of common.nsi.

Unicode true
!include LogicLib.nsh
!include FileFunc.nsh
!include MUI2.nsh

!define HOME "$LOCALAPPDATA\Programs\babutong"
!define PLACE "$INSTDIR\fonts\${FONTS_ID}"

Name "八步通文书字体"
OutFile "${OUTPUT}"
BrandingText "八步通文书字体 ${FONTS_ID}"
RequestExecutionLevel user
ManifestDPIAware true
InstallDir "${HOME}"
AllowSkipFiles off
ShowInstDetails nevershow
SetDateSave off
SetCompressor /SOLID lzma
SetCompressorDictSize ${DICTIONARY_MB}

VIProductVersion "1.0.0.0"
VIAddVersionKey /LANG=2052 ProductName "八步通文书字体"
VIAddVersionKey /LANG=2052 FileDescription "八步通文书字体安装程序"
VIAddVersionKey /LANG=2052 FileVersion "${FONTS_ID}"
VIAddVersionKey /LANG=2052 ProductVersion "${FONTS_ID}"
VIAddVersionKey /LANG=2052 CompanyName "The Babutong authors"
VIAddVersionKey /LANG=2052 LegalCopyright "OFL-1.1, GPL-3.0"

!include common.nsi

!ifdef ICON
  !define MUI_ICON "${ICON}"
!endif
!define MUI_WELCOMEFINISHPAGE_BITMAP "${NSISDIR}/Contrib/Graphics/Wizard/nsis3-metro.bmp"
!define MUI_WELCOMEPAGE_TITLE "八步通文书字体"
!define MUI_WELCOMEPAGE_TEXT "这是八步通打印表格和证书用的字体，本身不是程序。$\r$\n$\r$\n\
  通常不用单独打开它：把它和八步通的安装程序放在同一个文件夹里，双击八步通的安装程序，字体会自动装好。\
  $\r$\n$\r$\n现在单击“安装”，只为当前用户装好字体（需要 ${NEED_MB} MB 磁盘空间）。之后再运行八步通的安装程序。"
!define MUI_FINISHPAGE_TITLE "字体已装好"
!define MUI_FINISHPAGE_TEXT "接下来请运行八步通的安装程序；已经装有八步通的，不用再做什么。"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_LANGUAGE SimpChinese

!insertmacro MoveFolder ""

Function .onInit
  StrCpy $INSTDIR "${HOME}"
  !insertmacro RefuseSecond "babutong-fonts-setup"
  !insertmacro CheckSpace ${NEED_MB}
FunctionEnd

Function .onInstFailed
  SetOutPath "$TEMP"
  RMDir /r "${PLACE}.new"
  RMDir "$INSTDIR\fonts"
  RMDir "$INSTDIR"
  MessageBox MB_OK|MB_ICONEXCLAMATION "字体没有装好。请暂停杀毒软件的拦截，再运行一次。" /SD IDOK
FunctionEnd

Section
  RMDir /r "${PLACE}.new"
  !include "${FILES}"
  SetOutPath "$INSTDIR" ; a folder that is someone's working folder cannot be renamed
  RMDir /r "${PLACE}" ; the set-up program calls this when something of it is missing
  !insertmacro Move "" "${PLACE}.new" "${PLACE}"
  ${If} ${Errors}
    SetErrorLevel ${REFUSED_BUSY}
    Abort "文件正在使用。"
  ${EndIf}
SectionEnd
