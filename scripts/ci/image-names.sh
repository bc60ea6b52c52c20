#!/usr/bin/env bash
# The names under which a release is published, from its git tag, as lines NAME=value for a job's output.
set -euo pipefail

LOG_TAG=image-names
# shellcheck source=../lib/log.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/log.sh"

usage() {
	cat <<-'TEXT'
		usage: REGISTRY=git.example.com IMAGE=owner/name image-names.sh vX.Y.Z
		exit: 0 done, 64 usage, 78 REGISTRY or IMAGE is missing, or the tag is no version
	TEXT
}

main() {
	[[ "${1:-}" != -h && "${1:-}" != --help ]] || { usage; return; }
	(($# == 1)) || { usage >&2; die 64 'one tag is wanted'; }
	local tag=$1 version name
	# A version that is none would overwrite an image of that name, such as latest.
	[[ "$tag" =~ ^v([0-9]+)\.([0-9]+)\.([0-9]+)(-[0-9A-Za-z.-]+)?$ ]] ||
		die "$EXIT_CONFIG" "the tag is \"$tag\"; remedy: vX.Y.Z, or vX.Y.Z-rc.1 for a release before it"
	[[ -n "${REGISTRY:-}" && -n "${IMAGE:-}" ]] || die "$EXIT_CONFIG" 'REGISTRY or IMAGE is empty; remedy: set the forge'"'"'s variable REGISTRY, such as git.example.com'
	version=${tag#v}
	# Registries take no capitals.
	name="$REGISTRY/${IMAGE,,}"
	printf 'version=%s\n' "$version"
	# A release before the release does not become X.Y.
	if [[ "$version" == *-* ]]; then
		printf 'tags=%s\n' "$name:$version"
	else
		printf 'tags=%s,%s\n' "$name:$version" "$name:${version%.*}"
	fi
}

main "$@"
