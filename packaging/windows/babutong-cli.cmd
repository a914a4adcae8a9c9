@echo off
rem The command line of the version that `current` names or, when that is gone, of `previous`.
setlocal
rem UTF-8 for files and pipes whatever the console's code page is; on a console Python writes Unicode by itself.
set "PYTHONUTF8=1"
set "version="
if exist "%~dp0previous" for /f "usebackq delims=" %%v in ("%~dp0previous") do (
    if exist "%~dp0versions\%%v\runtime\python.exe" set "version=%%v"
)
if exist "%~dp0current" for /f "usebackq delims=" %%v in ("%~dp0current") do (
    if exist "%~dp0versions\%%v\runtime\python.exe" set "version=%%v"
)
if not defined version (
    echo 八步通无法启动，请用安装程序重新安装一次，数据没有丢失。 >&2
    exit /b 3
)
rem A Python with a ._pth file does not read its environment, hence the option as well.
"%~dp0versions\%version%\runtime\python.exe" -X utf8 -m app.cli %*
exit /b %errorlevel%
