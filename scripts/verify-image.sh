#!/usr/bin/env bash
# Tries an image: how it is built, what is in it, how it boots, fails, stops and serves. One line for each check.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
LIB="$ROOT/scripts/lib"
LOG_TAG=verify-image
# shellcheck source=lib/log.sh
source "$LIB/log.sh"
for part in "$ROOT"/tests/image/lib/*.sh "$ROOT"/tests/image/checks/*.sh; do
	# shellcheck disable=SC1090 # checked on their own
	source "$part"
done

usage() {
	cat <<-'TEXT'
		usage: scripts/verify-image.sh [--build] [IMAGE] [CHECK…]   IMAGE: trm-directus:local; CHECK: numbers, such as 3 11-14; all without
		--build                                           builds IMAGE from the tracked files first
		DIRECTUS_IMAGE, DB_IMAGE, REDIS_IMAGE             the images that IMAGE is built from and tried with; defaults as in compose.yaml
		exit: 0 every check passed, 1 some failed, 64 usage, 69 no Docker engine or no such image
	TEXT
}

# All of one run carries its label, and goes by it.
on_exit() {
	local status=$?
	trap '' INT TERM HUP
	set +e
	end_checks
	remove_all
	exit "$status"
}

main() {
	local build_first=false
	if [[ "${1:-}" == --build ]]; then build_first=true; shift; fi
	case "${1:-}" in
		-h | --help) usage; return ;;
		-*) usage >&2; die 64 "unknown option $1" ;;
	esac
	IMAGE="${1-trm-directus:local}"
	shift $(($# > 0 ? 1 : 0))
	[[ -n "$IMAGE" && "$*" =~ ^([0-9]+(-[0-9]+)?( |$))*$ ]] || { usage >&2; die 64 "an image, then numbers of checks, such as 3 11-14; not \"$IMAGE\" \"$*\""; }
	docker version >/dev/null 2>&1 || die "$EXIT_UNAVAILABLE" 'no Docker engine answers; remedy: start it, or set DOCKER_HOST'
	$build_first || docker image inspect "$IMAGE" >/dev/null 2>&1 ||
		die "$EXIT_UNAVAILABLE" "no image $IMAGE; remedy: DOCKER_BUILDKIT=1 docker build --tag $IMAGE ."
	trap on_exit EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	begin_run || die "$EXIT_UNAVAILABLE" "the database or Redis does not start, see the lines above; remedy: check DB_IMAGE ($DB_IMAGE) and REDIS_IMAGE ($REDIS_IMAGE)"
	if $build_first; then
		built
		docker tag "$RUN:first" "$IMAGE"
	fi
	run_checks "$@"
	summary
}

main "$@"
