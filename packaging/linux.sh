#!/bin/sh
# Set up what is missing and build the Linux bundle: see packaging/linux.py --help.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
BABUTONG_ALSO='xz-utils binutils icu-devtools binutils-aarch64-linux-gnu debian-archive-keyring' \
    sh "$root/packaging/setup.sh"
cd "$root"
exec .venv/bin/python packaging/linux.py "$@"
