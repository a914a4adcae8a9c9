#!/bin/sh
# One set-up for ./run, ./test and ./bench: the system libraries (Debian family) and .venv/ in this checkout.
#
#     sh packaging/setup.sh [NAME…]      NAME: a Debian package that a build or a trial needs besides
#
# Does nothing when nothing changed since the last time. Progress goes to stderr, because ./bench prints JSON.
# Exit: 0 ready, 3 this computer lacks something the user must see to.
set -eu
cd "$(dirname -- "$0")/.."

python=${PYTHON:-python3}
venv=$PWD/.venv
stamp=$venv/.babutong-setup

# Qt with its PDF view, its X and Wayland platforms and printing; a screen of its own; a window manager and typed keys
# for the window's tests; Chinese letters on screen.
system_packages='libegl1 libgl1 libdbus-1-3 libfontconfig1 libglib2.0-0 libxkbcommon0 libatomic1
    libx11-xcb1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0
    libxcb-shape0 libxcb-xinerama0 libxcb-xkb1 libxkbcommon-x11-0
    libwayland-cursor0 libwayland-egl1 libcups2
    xvfb xauth openbox xdotool fonts-noto-cjk'

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$@"
    exit 3
}

# Run a command quietly; show what it said only if it fails.
quietly() {
    said=$("$@" 2>&1 </dev/null) || {
        status=$?
        say "$said"
        return "$status"
    }
}

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# Names changed to …t64 in later releases; the old name still installs the new package.
missing_packages() {
    for name in $system_packages; do
        installed "$name" || installed "${name}t64" || printf ' %s' "$name"
    done
    command -v "$python" >/dev/null || printf ' python3'
    "$python" -c 'import ensurepip, venv' 2>/dev/null || printf ' python3-venv'
}

install_packages() {
    # shellcheck disable=SC2086 # the list is meant to be split
    set -- $1
    if [ "$(id -u)" -eq 0 ]; then
        as_root='env DEBIAN_FRONTEND=noninteractive'
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root='sudo -n env DEBIAN_FRONTEND=noninteractive'
    else
        say '缺少系统组件，安装需要管理员权限。请执行下面这一行，然后再试：'
        fail "sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
    fi
    say "正在安装系统组件（$# 个）……"
    quietly $as_root apt-get -q update || say '软件源没有全部更新成功，用现有的列表继续。'
    quietly $as_root apt-get -q install -y --no-install-recommends "$@" \
        || fail '系统组件没有装好。请检查网络和软件源后再试。'
}

system_libraries() {
    if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then
        missing=$(missing_packages)
        [ -z "$missing" ] || install_packages "$missing"
    else
        command -v "$python" >/dev/null || fail '这台电脑上没有 python3。请先安装 Python 3.11 或更新的版本。'
        say '不是 Debian 系的系统，系统组件请自行装好（下面是 Debian 的名称，作为对照）：'
        # shellcheck disable=SC2086
        say "$(printf '%s ' $system_packages)"
    fi
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
        || fail "需要 Python 3.11 或更新的版本，这里是 $("$python" -V 2>&1)。"
}

# What a build needs besides; never remembered in the stamp.
more_packages() {
    command -v dpkg-query >/dev/null && command -v apt-get >/dev/null \
        || fail "这一步只能在 Debian 系的系统上做，需要：$*"
    lacking=
    for name in "$@"; do
        installed "$name" || lacking="$lacking $name"
    done
    [ -z "$lacking" ] || install_packages "$lacking"
}

fingerprint() {
    {
        printf '%s\n' "$PWD"
        "$python" -c 'import sys; print(sys.version, sys.base_prefix)'
        cat pyproject.toml packaging/setup.sh packaging/constraints.txt
    } | sha256sum
}

# A folder of another Python, moved here from elsewhere or half made is made anew.
usable_venv() {
    [ -x "$venv/bin/python" ] || return 1
    [ "$("$venv/bin/python" -c 'import sys; print(sys.version, sys.base_prefix)' 2>/dev/null)" \
        = "$("$python" -c 'import sys; print(sys.version, sys.base_prefix)')" ] || return 1
    head -n 1 "$venv/bin/pip" 2>/dev/null | grep -qF "$venv/" || return 1
    "$venv/bin/python" -m pip --version >/dev/null 2>&1
}

python_packages() {
    if ! usable_venv; then
        rm -rf "$venv"
        quietly "$python" -m venv "$venv" || fail '.venv 没有建好，见上面的说明。'
    fi
    say '正在下载和安装 Python 组件（约 1.1 GB 磁盘空间，通常一两分钟）……'
    set -- "$venv/bin/python" -m pip install --quiet --no-input --disable-pip-version-check --progress-bar off
    if ! quietly "$@" -c packaging/constraints.txt -e '.[dev]'; then
        say '记录在案的版本没有装全，改按 pyproject.toml 的版本范围再试一次……'
        quietly "$@" -e '.[dev]' || fail 'Python 组件没有装好。请检查网络后再试。'
    fi
    said=$(QT_QPA_PLATFORM=offscreen "$venv/bin/python" -c \
        'import sqlcipher3; from PySide6.QtPdf import QPdfDocument; from PySide6.QtWidgets import QApplication; QApplication([])' \
        2>&1) || fail "窗口组件启动不了，多半是缺系统组件：
$said"
}

[ "$#" -eq 0 ] || more_packages "$@"

if [ -f "$stamp" ] && command -v "$python" >/dev/null && [ "$(fingerprint)" = "$(cat "$stamp")" ]; then
    exit 0
fi

# Two commands started together: the second waits and then finds everything done.
if command -v flock >/dev/null; then
    exec 9<packaging/setup.sh
    flock 9
    if [ -f "$stamp" ] && command -v "$python" >/dev/null && [ "$(fingerprint)" = "$(cat "$stamp")" ]; then
        exit 0
    fi
fi

say '第一次使用或组件有变化，正在准备环境……'
system_libraries
rm -f "$stamp"
python_packages
fingerprint >"$stamp"
say '环境已准备好。'
