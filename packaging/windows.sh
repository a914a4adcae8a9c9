#!/bin/sh
# Build the set-up programs for Windows: the environment, the two tools they are made with, then packaging/windows.py.
#
# Arguments go to packaging/windows.py. Exit: 0 done, 1 a check failed, 3 something must be put in place first.
set -eu
cd "$(dirname -- "$0")/.."
sh packaging/setup.sh nsis binutils
exec .venv/bin/python packaging/windows.py "$@"
