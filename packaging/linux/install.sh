#!/bin/sh
# 把八步通装到自己的文件夹里，放进菜单和桌面。不需要管理员，不动工作资料。
# Install or update for the user who runs it; workspaces are not touched.
set -eu

from=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
target=${BABUTONG_TARGET:-$HOME/.local/opt/babutong}
data=${XDG_DATA_HOME:-$HOME/.local/share}
version=$(head -n 1 "$from/current")

stop() {
    printf '%s\n' "$1" >&2
    exit 3
}

[ -x "$from/versions/$version/run" ] || stop '这个文件夹里的程序不全。请重新解压安装包，再执行一次。'

newer() { [ "$1" != "$2" ] && [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | tail -n 1)" = "$1" ]; }

if [ "$from" != "$target" ]; then
    mkdir -p "$target/versions"
    had=
    [ -f "$target/current" ] && had=$(head -n 1 "$target/current")
    if [ -n "$had" ] && newer "$had" "$version"; then
        stop "这台电脑上已经是更新的版本 $had，没有换成 $version。要退回上一版，请在程序的“设置”里退回。"
    fi
    needed=$(du -sk "$from/versions/$version" | cut -f 1)
    free=$(df -Pk "$target" | awk 'NR == 2 { print $4 }')
    [ "$free" -gt "$((needed + 102400))" ] || stop "硬盘地方不够：还要 $(((needed + 102400 - free) / 1024)) MB。请清理后再试。"
    echo "正在复制程序（$version）……"
    rm -rf "$target/versions/.new"
    cp -R "$from/versions/$version" "$target/versions/.new"
    if [ "$had" = "$version" ]; then
        rm -rf "$target/versions/.old"
        mv "$target/versions/$version" "$target/versions/.old"
    fi
    mv "$target/versions/.new" "$target/versions/$version"
    rm -rf "$target/versions/.old"
    for name in babutong babutong-cli babutong.svg install.sh 使用说明.txt; do
        cp "$from/$name" "$target/$name.new"
        mv -f "$target/$name.new" "$target/$name"
    done
    echo portable >"$target/channel"
    if [ -n "$had" ] && [ "$had" != "$version" ]; then
        echo "$had" >"$target/previous"
    fi
    rm -f "$target/trial" "$target/trial-started"
    echo "$version" >"$target/current.new"
    mv -f "$target/current.new" "$target/current"
fi

"$target/babutong-cli" self-check >"$target/self-check.txt" 2>&1 || {
    cat "$target/self-check.txt" >&2
    stop '程序装好了，但自检有一项没有通过，见上面的说明。'
}

entry() {
    cat <<TEXT
[Desktop Entry]
Type=Application
Name=八步通
Comment=申请、初审、入户、比对、评议、公示、核查、审核
Exec="$target/babutong"
Icon=$target/babutong.svg
Terminal=false
Categories=Office;
StartupWMClass=babutong
TEXT
}
mkdir -p "$data/applications"
entry >"$data/applications/org.babutong.app.desktop"
desktop=
command -v xdg-user-dir >/dev/null 2>&1 && desktop=$(xdg-user-dir DESKTOP)
for folder in "$desktop" "$HOME/桌面" "$HOME/Desktop"; do
    if [ -n "$folder" ] && [ "$folder" != "$HOME" ] && [ -d "$folder" ]; then
        entry >"$folder/org.babutong.app.desktop"
        chmod +x "$folder/org.babutong.app.desktop"
        break
    fi
done
echo "装好了：八步通 $version。从菜单或桌面上的“八步通”打开。原来的安装文件夹可以删掉。"
