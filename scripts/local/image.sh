#!/usr/bin/env bash
# npm run test:image: builds the image and tries it, with a real Docker engine; ends with "N passed, N failed". Arguments go to
# tests/image/run.sh. Where no engine is to be had, all of it counts as skipped.
set -euo pipefail
# shellcheck source=lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=lib/run.sh
source "$ROOT/scripts/local/lib/run.sh"

# It may outlast the set-up, and must not keep its lock.
prepare_image() {
	exec 8>&- tests/image/run.sh --prepare
}

try_image() {
	tests/image/run.sh "$@" 2>&1 | tee "$LOG"
}

main() {
	local wanted=() status=0 passed failed
	trap 'exit 130' INT TERM HUP PIPE
	trap finish EXIT
	# Without root an engine may be there all the same: the suite itself finds out.
	if can_install; then wanted=(dockerd debootstrap docker-compose); fi
	lock_setup
	begin_node_modules
	ensure_packages "${wanted[@]}"
	# While the npm packages are on their way, half of the machine has nothing to do.
	if can_install && [[ -n ${STEP_PIDS[npm-ci]:-} ]]; then
		start_step image-bases 'Preparing the image beside that' prepare_image
	fi
	ensure_node_modules
	unlock_setup
	begin_run
	LOG=$RUN/image.log
	settle_step image-bases
	attend try_image "$@" || status=$?
	if ((status == 69)); then
		printf '0 passed, 0 failed, 1 skipped\n'
		return 0
	fi
	passed=$(grep -c '^ok ' "$LOG") || true
	failed=$(grep -c '^not ok ' "$LOG") || true
	if ((status != 0 && failed == 0)); then failed=1; fi
	printf '\n'
	# The last page of a long log is the one that is read.
	grep -A 8 '^not ok ' "$LOG" | grep -v '^ok ' || true
	printf '%s passed, %s failed\n' "$passed" "$failed"
	((failed == 0))
}

main "$@"
