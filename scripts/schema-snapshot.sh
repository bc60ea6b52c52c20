#!/bin/sh
# Captures the schema of the database into snapshots/schema.yaml. See docs/command-line.md.
exec "$(dirname -- "$(readlink -f -- "$0")")/trm" schema snapshot "$@"
