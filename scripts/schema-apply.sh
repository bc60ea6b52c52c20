#!/bin/sh
# Step 3 of the boot by itself. See docs/command-line.md.
exec "$(dirname -- "$(readlink -f -- "$0")")/trm" schema apply "$@"
