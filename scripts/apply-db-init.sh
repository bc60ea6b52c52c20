#!/bin/sh
# Applies a directory of SQL files, once each, in order. See docs/migrations.md.
exec "$(dirname -- "$(readlink -f -- "$0")")/trm" db-init "$@"
