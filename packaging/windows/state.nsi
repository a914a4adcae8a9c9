; The small text files beside the launcher (docs/decisions/0011-installed-tree.md): read by the launcher and the
; set-up program, and replaced in one step, so that a cut of power leaves either the old or the new text.

; name of a file on the stack -> its first line without white space at the end; nothing when there is no such file
Function ReadState
  Exch $0
  Push $1
  ClearErrors
  FileOpen $1 "$0" r
  StrCpy $0 ""
  IfErrors done
  FileRead $1 $0
  FileClose $1
  trim:
    StrCpy $1 $0 1 -1
    StrCmp $1 "$\n" cut
    StrCmp $1 "$\r" cut
    StrCmp $1 "$\t" cut
    StrCmp $1 " " cut done
  cut:
    StrCpy $0 $0 -1
    Goto trim
  done:
    Pop $1
    Exch $0
FunctionEnd

!macro ReadState VARIABLE FILE
  Push "${FILE}"
  Call ReadState
  Pop ${VARIABLE}
!macroend
!define ReadState "!insertmacro ReadState"

; Move FILE.new over FILE. `Rename` of this language refuses to replace.
!macro Replace FILE
  ; 9: replace what is there, and be on the disk before going on
  System::Call 'kernel32::MoveFileExW(w "${FILE}.new", w "${FILE}", i 9) i .s'
!macroend

; The result (0: not written) is left on the stack.
!macro WriteState FILE TEXT
  ClearErrors
  FileOpen $9 "${FILE}.new" w
  FileWrite $9 "${TEXT}$\n"
  FileClose $9
  ${If} ${Errors} ; a full disk: better the old text than an empty one
    Delete "${FILE}.new"
    Push 0
  ${Else}
    !insertmacro Replace "${FILE}"
  ${EndIf}
!macroend

; $8 becomes 1 when a program is running, else 0: Windows does not open a running program for writing.
!macro SeeIfRunning EXE
  StrCpy $8 0
  ${If} ${FileExists} "${EXE}"
    ClearErrors
    FileOpen $9 "${EXE}" a
    ${If} ${Errors}
      StrCpy $8 1
    ${Else}
      FileClose $9
    ${EndIf}
  ${EndIf}
!macroend
