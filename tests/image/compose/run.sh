#!/usr/bin/env bash
# Tries compose.yaml with IMAGE: two replicas behind the proxy, one of them killed, one that refuses its database.
# DB_IMAGE, REDIS_IMAGE and PROXY_IMAGE as compose.yaml takes them; with the stand-in of the database, the others are made from it.
set -euo pipefail

HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
ROOT="$(cd "$HERE/../../.." && pwd)"
LOG_TAG=compose
# shellcheck source=../../../scripts/lib/log.sh
source "$ROOT/scripts/lib/log.sh"
# shellcheck source=../../../scripts/local/lib/ports.sh
source "$ROOT/scripts/local/lib/ports.sh"

project="trm-compose-$$"
work=''
COMPOSE=(docker compose)

fail() {
	compose ps || true
	compose logs --tail=15 || true
	die "$EXIT_FAILURE" "$@"
}

compose() {
	"${COMPOSE[@]}" --project-name "$project" --project-directory "$work" --file "$work/compose.yaml" "$@"
}

clean_up() {
	[[ -n "$work" ]] || return 0
	compose down --volumes --timeout 5 >/dev/null 2>&1 || true
	rm -rf "$work"
}

# Debian's packages in place of the images that no registry brings.
build_stand_ins() {
	local tag=${DB_IMAGE##*:} name
	for name in postgres redis proxy; do
		DOCKER_BUILDKIT=1 docker build --quiet --target "$name" --build-arg DATABASE="$DB_IMAGE" --build-arg DEBIAN="trm-stand-in/debian:$tag" \
			--tag "trm-stand-in/compose-$name:$tag" "$HERE" >/dev/null
	done
	export DB_IMAGE="trm-stand-in/compose-postgres:$tag" REDIS_IMAGE="trm-stand-in/compose-redis:$tag" PROXY_IMAGE="trm-stand-in/compose-proxy:$tag"
}

# A copy, so that the checkout's own secrets are not touched.
set_up() {
	docker version >/dev/null 2>&1 || die "$EXIT_UNAVAILABLE" 'no Docker engine answers; remedy: start it, or set DOCKER_HOST'
	docker compose version >/dev/null 2>&1 || COMPOSE=(docker-compose)
	"${COMPOSE[@]}" version >/dev/null || die "$EXIT_UNAVAILABLE" 'no compose; remedy: apt-get install docker-compose'
	[[ "${DB_IMAGE:-}" != trm-stand-in/database:* ]] || build_stand_ins
	work="$(mktemp -d "${TMPDIR:-/tmp}/trm-compose.XXXXXX")"
	cp -r "$ROOT/compose.yaml" "$ROOT/compose" "$work/"
	"$ROOT/scripts/make-secrets.sh" "$work/compose/secrets" >/dev/null
	TRM_HTTP_PORT="$(free_port)" TRM_HTTPS_PORT="$(free_port)"
	export TRM_HTTP_PORT TRM_HTTPS_PORT ADMIN_EMAIL=admin@example.com PUBLIC_URL="http://127.0.0.1:$TRM_HTTP_PORT"
}

# Asked of the engine: compose takes a second of processor to answer.
container() {
	docker ps --all --quiet --filter "label=com.docker.compose.project=$project" --filter "label=com.docker.compose.service=$1"
}

state() {
	docker inspect --format "{{.State.$2}}" "$(container "$1")"
}

# eventually SECONDS WHAT COMMAND…
eventually() {
	local deadline=$((SECONDS + $1)) what=$2
	shift 2
	until "$@" >/dev/null 2>&1; do
		((SECONDS < deadline)) || fail "not within the time: $what"
		sleep 1
	done
}

is_healthy() {
	[[ "$(state "$1" Health.Status)" == healthy ]]
}

gave_up() {
	[[ "$(state "$1" Status) $(docker inspect --format '{{.RestartCount}}' "$(container "$1")")" == 'exited 5' ]]
}

# status METHOD PATH [BODY]: what the proxy answers; from the first replica's network, so that nothing is asked of the host.
status() {
	# shellcheck disable=SC2016 # JavaScript
	docker exec "$(container "$3")" node -e '
		const [method, path, body] = process.argv.slice(1);
		fetch(`http://proxy${path}`, { method, body: body || undefined, headers: { "content-type": "application/json" } })
			.then(({ status }) => console.log(status))' "$1" "$2" "${4:-}"
}

all_answer() {
	local request
	for request in {1..20}; do
		[[ "$(status GET /server/ping "$1")" == 200 ]] || fail "request $request through the proxy was not answered"
	done
}

ledger() {
	compose exec -T postgres psql -h /var/run/postgresql -U postgres -d trm -qc "$1"
}

main() {
	export TRM_IMAGE="${1:-trm-directus:local}" TRM_RESTARTS=5
	docker image inspect "$TRM_IMAGE" >/dev/null 2>&1 || die "$EXIT_UNAVAILABLE" "no image $TRM_IMAGE; remedy: build it"
	trap clean_up EXIT
	trap 'exit 130' INT TERM HUP
	set_up

	compose up --detach --no-build >/dev/null 2>&1 || fail 'up failed'
	local replica
	for replica in directus directus-2 proxy; do eventually 600 "$replica is healthy" is_healthy "$replica"; done
	echo 'ok two replicas are healthy behind the proxy'

	[[ "$(status POST /auth/login directus "{\"email\":\"admin@example.com\",\"password\":\"$(<"$work/compose/secrets/admin_password")\"}")" == 200 ]] ||
		fail 'the administrator cannot sign in with the password of the secret'
	echo 'ok the administrator signs in with the password of the secret'

	docker kill "$(container directus-2)" >/dev/null
	all_answer directus
	echo 'ok with one replica killed, every request is answered'

	ledger "UPDATE trm.migration_ledger SET sha256 = repeat('0', 64) WHERE filename = '001_extensions.sql'"
	docker start "$(container directus-2)" >/dev/null
	eventually 600 'a replica that refuses its database gives up' gave_up directus-2
	docker logs --tail 3 "$(container directus-2)" 2>&1 | grep -q 'nothing is served' || fail 'the reason is not in its last lines'
	all_answer directus
	echo 'ok a replica that refuses its database gives up, the other serves'

	compose stop --timeout 20 directus >/dev/null 2>&1
	[[ "$(state directus ExitCode)" == 0 ]] || fail "a stopped replica ends with $(state directus ExitCode)"
	echo 'ok a stopped replica ends with 0'
}

main "$@"
