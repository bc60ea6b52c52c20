#!/usr/bin/env bash
# npm run stop: stops the stack that npm start runs in another shell, or what a killed one left. The data is kept.
set -euo pipefail
# shellcheck source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

if stop_other; then
	say 'Stopped. The data is kept in .local/.'
else
	say 'Nothing of this repository is running.'
fi
