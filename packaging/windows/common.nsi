; What the set-up program and the one of the fonts have in common.

!define REFUSED_SPACE 12
!define REFUSED_BUSY 14

; Say why not and end; with /S only the exit code says it.
!macro Refuse CODE TEXT
  MessageBox MB_OK|MB_ICONSTOP "${TEXT}" /SD IDOK
  SetErrorLevel ${CODE}
  Quit
!macroend

; Refuse when the user's disk has less than MB free.
!macro CheckSpace MB
  ${GetRoot} "$LOCALAPPDATA" $0
  ${DriveSpace} "$0\" "/D=F /S=M" $1
  ${If} $1 < ${MB}
    !insertmacro Refuse ${REFUSED_SPACE} "磁盘 $0 的空间不够：安装需要 ${MB} MB，现在只剩 $1 MB。$\r$\n$\r$\n\
      请清理磁盘（例如清空回收站）后再运行安装程序。"
  ${EndIf}
!macroend

; Refuse while a set-up program of this name is open.
!macro RefuseSecond MUTEX
  System::Call 'kernel32::CreateMutexW(p 0, i 0, w "${MUTEX}") p .r1 ?e'
  Pop $0
  ${If} $0 = 183 ; ERROR_ALREADY_EXISTS
    !insertmacro Refuse ${REFUSED_BUSY} "安装程序已经打开，请在已打开的窗口里继续。"
  ${EndIf}
!macroend

; Rename a folder, patiently: a virus scanner may still be reading what was just written. Errors flag as of `Rename`.
!macro MoveFolder UN
Function ${UN}MoveFolder
  Exch $1 ; to
  Exch
  Exch $0 ; from
  Push $2
  ${For} $2 1 20
    ClearErrors
    Rename "$0" "$1"
    ${IfNot} ${Errors}
      ${Break}
    ${EndIf}
    Sleep 250
    SetErrors ; what the last round leaves
  ${Next}
  Pop $2
  Pop $0
  Pop $1
FunctionEnd
!macroend
!macro Move UN FROM TO
  Push "${FROM}"
  Push "${TO}"
  Call ${UN}MoveFolder
!macroend
