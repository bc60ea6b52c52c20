#!/usr/bin/env bash
# npm run test:image: builds the image and tries it, and compose.yaml with it. DIRECTUS_IMAGE, DB_IMAGE and REDIS_IMAGE name the images
# to build from and to try it with; without them stand-ins are built. With arguments only the checks named, such as 3 11-14. Without,
# all but the three that the shell tests show as well, without an image: a warm boot, five at once, and killed at each step.
# With --prepare it only makes what needs no package of npm, for a run that comes later.
# Exit: 0 all passed, 1 some failed, 69 no engine to be had: nothing was tried.
set -euo pipefail

HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
ROOT="$(cd "$HERE/../.." && pwd)"
LOG_TAG=image
# shellcheck source=../../scripts/lib/log.sh
source "$ROOT/scripts/lib/log.sh"
# shellcheck source=engine.sh
source "$HERE/engine.sh"

CHECKS=(1-11 13-14 16 18-26)
compose_log=''

on_exit() {
	local status=$?
	trap '' INT TERM HUP
	set +e
	stop_engine
	rm -f "$compose_log"
	exit "$status"
}

# run COMMAND…: one that a signal ends at once.
run() {
	local status=0
	"$@" &
	wait $! || status=$?
	return "$status"
}

main() {
	local image=trm-directus:test failed=0 images verify_pid compose_pid=''
	cd "$ROOT"
	trap on_exit EXIT
	trap 'kill $(jobs -p); exit 130' INT
	trap 'kill $(jobs -p); exit 143' TERM HUP
	use_engine "${TRM_STATE_DIR:-$ROOT/.local}/docker" || die "$EXIT_UNAVAILABLE" "$engine_problem"
	if [[ ${1:-} == --prepare ]]; then
		[[ -n "${DIRECTUS_IMAGE:-}" ]] || run "$HERE/upstream-stand-in/build.sh" --bases
		return
	fi
	if [[ -z "${DIRECTUS_IMAGE:-}" ]]; then
		images="$("$HERE/upstream-stand-in/build.sh")" || die "$EXIT_FAILURE" 'the stand-ins could not be built'
		set -a
		eval "$images"
		set +a
	fi
	log "building $image from $DIRECTUS_IMAGE"
	docker rmi --force "$image" >/dev/null 2>&1 || true
	(($# == 0)) || CHECKS=("$@")
	scripts/verify-image.sh --build "$image" "${CHECKS[@]}" &
	verify_pid=$!
	# Beside the checks, which wait half of their time; what it says comes after them.
	if (($# == 0)); then
		compose_log="$(mktemp)"
		until docker image inspect "$image" >/dev/null 2>&1 || ! kill -0 "$verify_pid" 2>/dev/null; do run sleep 1; done
		"$HERE/compose/run.sh" "$image" >"$compose_log" 2>&1 &
		compose_pid=$!
	fi
	wait "$verify_pid" || failed=1
	if [[ -n "$compose_pid" ]]; then
		wait "$compose_pid" || { failed=1; echo 'not ok compose.yaml' >>"$compose_log"; }
		cat "$compose_log"
	fi
	return "$failed"
}

main "$@"
