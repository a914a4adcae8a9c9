; babutong.exe: starts the version that `current` names and, when a new version died at its first start, the one before.
;
; Built by packaging/windows.py, which defines VERSION, OUTPUT and, if there is one, ICON. It has to work when a version
; does not, so it reads text files and starts a program, nothing else. This language cuts text at 1023 characters; a
; command line is far shorter.

Unicode true
!include LogicLib.nsh
!include FileFunc.nsh

Name "八步通"
Caption "八步通" ; of its messages
OutFile "${OUTPUT}"
RequestExecutionLevel user
ManifestDPIAware true
SilentInstall silent
SetCompressor zlib
!ifdef ICON
  Icon "${ICON}"
!endif

VIProductVersion "${VERSION}.0"
VIAddVersionKey /LANG=2052 ProductName "八步通"
VIAddVersionKey /LANG=2052 FileDescription "八步通"
VIAddVersionKey /LANG=2052 FileVersion "${VERSION}"
VIAddVersionKey /LANG=2052 ProductVersion "${VERSION}"
VIAddVersionKey /LANG=2052 CompanyName "The Babutong authors"
VIAddVersionKey /LANG=2052 LegalCopyright "Apache-2.0"

!include state.nsi

Var Arguments
Var Current
Var Previous
Var Trial
Var Version ; the one that started

; Start a version; leaves it in $Version when it started and nothing when it did not.
!macro Start NAME
  StrCpy $Version ""
  ${If} "${NAME}" != ""
  ${AndIf} ${FileExists} "$EXEDIR\versions\${NAME}\runtime\pythonw.exe"
    ClearErrors
    ; The working directory stays the caller's: nothing here has set another.
    Exec '"$EXEDIR\versions\${NAME}\runtime\pythonw.exe" -m app $Arguments'
    ${IfNot} ${Errors}
      StrCpy $Version "${NAME}"
    ${EndIf}
  ${EndIf}
!macroend

; The first start of a new version: mark it begun, or see that the one before came to nothing.
Function Try
  ${IfNot} ${FileExists} "$EXEDIR\trial-started"
    FileOpen $9 "$EXEDIR\trial-started" w
    FileClose $9
    Return
  ${EndIf}
  ; This tells an impatient second click, while the window is not there yet, from a start that died.
  !insertmacro SeeIfRunning "$EXEDIR\versions\$Current\runtime\pythonw.exe"
  ${If} $8 = 1
    Return
  ${EndIf}
  ${If} $Previous == ""
  ${OrIfNot} ${FileExists} "$EXEDIR\versions\$Previous\runtime\pythonw.exe"
    Return
  ${EndIf}
  !insertmacro WriteState "$EXEDIR\current" "$Previous"
  Pop $9
  ${If} $9 != 0
    Delete "$EXEDIR\trial"
    Delete "$EXEDIR\trial-started"
  ${EndIf}
  MessageBox MB_OK|MB_ICONEXCLAMATION "新版本 $Current 没有能够启动，现在改用原来的版本 $Previous。$\r$\n$\r$\n\
    您的数据没有受影响，可以照常工作。请把这件事告诉给您更新程序的人。"
  StrCpy $Current $Previous
FunctionEnd

Function .onInit
  SetErrorLevel 0
  ${GetParameters} $Arguments
  ${ReadState} $Current "$EXEDIR\current"
  ${ReadState} $Previous "$EXEDIR\previous"
  ${ReadState} $Trial "$EXEDIR\trial"
  ${If} $Trial != ""
  ${AndIf} $Trial == $Current
    Call Try
  ${EndIf}
  !insertmacro Start $Current
  ${If} $Version == ""
    !insertmacro Start $Previous
  ${EndIf}
  ${If} $Version == ""
    MessageBox MB_OK|MB_ICONSTOP "八步通无法启动：程序文件不完整。$\r$\n$\r$\n\
      请用安装程序重新安装一次（不用先卸载）。您的数据没有丢失，装好后照常打开。"
    SetErrorLevel 1
  ${EndIf}
  Quit
FunctionEnd

Section
SectionEnd
