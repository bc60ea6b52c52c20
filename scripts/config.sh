#!/bin/sh
# Access and settings as code. See docs/command-line.md.
exec "$(dirname -- "$(readlink -f -- "$0")")/trm" config "$@"
