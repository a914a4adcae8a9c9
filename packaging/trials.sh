#!/bin/sh
# Try the Linux bundle as it will be used: on old minimal systems without network, with pinyin, and against the clock.
#
#     sh packaging/trials.sh            everything, about half an hour (arm64 is emulated)
#     sh packaging/trials.sh NAME…      some of: old_systems pinyin start_time update_cycle
#
# Builds a tree that is missing. Pictures go to artefacts/trials/, minimal systems are kept in build/trials/.
# Exit: 0 all held, 1 something did not, 3 this computer lacks something.
set -eu
cd "$(dirname -- "$0")/.."

packages='debootstrap debian-archive-keyring qemu-user-static xvfb xauth openbox xdotool xclip x11-utils imagemagick
    fcitx5 fcitx5-pinyin dbus dbus-x11 at-spi2-core python3 python3-gi gir1.2-atspi-2.0'

lack() {
    printf '%s\n' "$@" >&2
    exit 3
}

command -v apt-get >/dev/null && command -v dpkg-query >/dev/null \
    || lack '这组试验只能在 Debian 系的系统上做。'
[ "$(id -u)" -eq 0 ] || lack '这组试验要建立最小系统并挂载目录，请用 root 执行。'

# shellcheck disable=SC2086 # the list is meant to be split
sh packaging/setup.sh $packages

own=$(dpkg --print-architecture)
for arch in "$own" arm64; do
    [ -f "build/linux-$arch/babutong/current" ] || sh packaging/linux.sh --arch "$arch" --only tree
done

table=build/trials/table.txt
mkdir -p build/trials
: >"$table"
failed=0

# A trial prints its own table; its last state decides about ours.
attempt() {
    name=$1
    shift
    printf '== %s\n' "$name" >&2
    if "$@" >build/trials/last.txt; then
        state=ok
    else
        state=FAILED
        failed=1
    fi
    {
        printf '== %s: %s\n' "$name" "$state"
        cat build/trials/last.txt
    } >>"$table"
}

for name in ${*:-old_systems pinyin start_time update_cycle}; do
    case "$name" in
        old_systems) attempt "$name" .venv/bin/python packaging/trials/old_systems.py ;;
        # The system's own Python has the bindings of AT-SPI.
        pinyin) attempt "$name" /usr/bin/python3 packaging/trials/pinyin.py ;;
        start_time) attempt "$name" .venv/bin/python packaging/trials/start_time.py ;;
        update_cycle) attempt "$name" .venv/bin/python packaging/trials/update_cycle.py ;;
        *) lack "没有这项试验：$name" ;;
    esac
done
cat "$table"
exit "$failed"
