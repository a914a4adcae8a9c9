#!/bin/sh
# Build the two set-up programs for Windows: the environment, the two tools it is made with, then packaging/windows.py.
#
# Arguments go to packaging/windows.py. Exit: 0 done, 1 a check failed, 3 something must be put in place first.
set -eu
cd "$(dirname -- "$0")/.."

sh packaging/setup.sh

say() { printf '%s\n' "$*" >&2; }

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

missing=
for name in nsis binutils; do
    installed "$name" || missing="$missing $name"
done
if [ -n "$missing" ] && ! { command -v makensis && command -v objdump; } >/dev/null; then
    install="apt-get install -y --no-install-recommends$missing"
    if [ "$(id -u)" -eq 0 ]; then
        as_root='env DEBIAN_FRONTEND=noninteractive'
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root='sudo -n env DEBIAN_FRONTEND=noninteractive'
    else
        say '缺少构建工具，安装需要管理员权限。请执行下面这一行，然后再试：'
        say "sudo apt-get update && sudo $install"
        exit 3
    fi
    say "正在安装构建工具：$missing ……"
    $as_root apt-get -q update >/dev/null 2>&1 || say '软件源没有全部更新成功，用现有的列表继续。'
    # shellcheck disable=SC2086 # the words are meant to be split
    said=$($as_root $install 2>&1 </dev/null) || {
        say "$said" '构建工具没有装好。请检查网络和软件源后再试。'
        exit 3
    }
fi

exec .venv/bin/python packaging/windows.py "$@"
