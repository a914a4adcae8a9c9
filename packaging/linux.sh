#!/bin/sh
# Set up what is missing and build the Linux bundle: see packaging/linux.py --help.
set -eu
cd "$(dirname -- "$0")/.."
sh packaging/setup.sh xz-utils binutils binutils-aarch64-linux-gnu icu-devtools debian-archive-keyring
exec .venv/bin/python packaging/linux.py "$@"
