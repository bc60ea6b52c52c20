#!/bin/sh
# How the live schema, access and settings differ from the snapshots. See docs/command-line.md.
exec "$(dirname -- "$(readlink -f -- "$0")")/trm" schema drift "$@"
