# shellcheck shell=bash
# Containers, databases and the network of one run. Names begin with $RUN; all carry the label that remove_all looks for.

DB_IMAGE="${DB_IMAGE:-timescale/timescaledb-ha:pg15.18-ts2.28.3}"
REDIS_IMAGE="${REDIS_IMAGE:-redis:8.2.10-alpine}"
RUN=''
WORK=''
IMAGE=''
NETWORK=''
COMPILED=()
# Random, and looked for wherever a secret must not be.
DB_SECRET=''
SIGNING_SECRET=''
ADMIN_SECRET=''

random_text() {
	local text
	text="$(head -c 64 /dev/urandom | base64 -w 0)"
	printf '%s' "${text//[^a-zA-Z0-9]/}" | head -c "$1"
}

begin_run() {
	RUN="trm-verify-$$-$(random_text 6 | tr '[:upper:]' '[:lower:]')"
	WORK="$(mktemp -d "${TMPDIR:-/tmp}/trm-verify.XXXXXX")"
	share_compiled_code
	NETWORK="$RUN"
	DB_SECRET="db$(random_text 24)" SIGNING_SECRET="sign$(random_text 40)" ADMIN_SECRET="admin$(random_text 24)"
	docker network create --label "trm.verify=$RUN" "$NETWORK" >/dev/null
	start_database db || return
	docker run --detach --name "$RUN-redis" --label "trm.verify=$RUN" --network "$NETWORK" --network-alias redis \
		"$REDIS_IMAGE" redis-server --protected-mode no >/dev/null || return
	wait_for_database db
}

# A hundred and fifty starts of Node in one run: compile once. By root alone, because what the containers' users write there has
# to be removed; where the engine is on another machine the place is not writable, and Node does without.
share_compiled_code() {
	((EUID == 0)) || return 0
	mkdir -m 1777 "$WORK/compiled"
	COMPILED=(--volume "$WORK/compiled:/run/compiled" --env NODE_COMPILE_CACHE=/run/compiled)
}

remove_all() {
	local ids
	[[ -n "$RUN" ]] || return 0
	ids="$(docker ps --all --quiet --filter "label=trm.verify=$RUN")"
	# shellcheck disable=SC2086 # one word each
	[[ -z "$ids" ]] || docker rm --force --volumes $ids >/dev/null
	docker network rm "$NETWORK" >/dev/null
	ids="$(docker volume ls --quiet --filter "label=trm.verify=$RUN")"
	# shellcheck disable=SC2086
	[[ -z "$ids" ]] || docker volume rm $ids >/dev/null
	# By name: the one that --build made stays under the other name that it has.
	ids="$(docker images --format '{{.Repository}}:{{.Tag}}' --filter "reference=$RUN")"
	# shellcheck disable=SC2086
	[[ -z "$ids" ]] || docker rmi --force $ids >/dev/null
	rm -rf "$WORK"
}

# start_database NAME: a server of its own, reachable under that name.
start_database() {
	docker run --detach --name "$RUN-$1" --label "trm.verify=$RUN" --network "$NETWORK" --network-alias "$1" \
		--env POSTGRES_PASSWORD="$DB_SECRET" "$DB_IMAGE" >/dev/null
}

# Over TCP: while it initialises, an image's server may listen on its socket only.
wait_for_database() {
	eventually 60 "the database server $1 answers" sql_on "$1" postgres 'SELECT 1'
}

# sql_on SERVER DATABASE SQL
sql_on() {
	docker exec --env PGPASSWORD="$DB_SECRET" "$RUN-$1" psql -XAtq -v ON_ERROR_STOP=1 -h 127.0.0.1 -U postgres -d "$2" -c "$3"
}

# sql DATABASE SQL: on the server that the checks share.
sql() {
	sql_on db "$@"
}

# eventually SECONDS WHAT COMMAND…: not often, since what asks the engine costs more than what it waits for.
eventually() {
	local limit=$1 what=$2 began=$SECONDS
	shift 2
	until "$@" >/dev/null 2>&1; do
		((SECONDS - began < limit)) || fail "not within $limit s: $what"
		sleep 1
	done
}

# What a deployer sets, for DATABASE or SERVER/DATABASE.
settings() {
	local server=db
	[[ $1 != */* ]] || server="${1%/*}"
	printf '%s\n' DB_CLIENT=pg "DB_HOST=$server" "DB_DATABASE=${1#*/}" DB_USER=postgres "DB_PASSWORD=$DB_SECRET" \
		"SECRET=$SIGNING_SECRET" ADMIN_EMAIL=admin@example.com "ADMIN_PASSWORD=$ADMIN_SECRET" PUBLIC_URL=http://127.0.0.1:8055 \
		REDIS=redis://redis:6379 "EVENT_STREAM=${1#*/}" TELEMETRY=false PRESSURE_LIMITER_ENABLED=false
}

# container NAME DATABASE [OPTION… [-- ARGUMENT…]]: creates one of the image. DATABASE may be SERVER/DATABASE.
container() {
	local name=$1 database=$2 options=()
	shift 2
	# A process in each container every five seconds, of which one check wants to know.
	[[ "$name" == health ]] || options=(--no-healthcheck)
	while (($# > 0)) && [[ $1 != -- ]]; do
		options+=("$1")
		shift
	done
	shift $(($# > 0 ? 1 : 0))
	settings "$database" >"$WORK/$name.env"
	docker create --name "$RUN-$name" --label "trm.verify=$RUN" --network "$NETWORK" --network-alias "$name" \
		--env-file "$WORK/$name.env" "${COMPILED[@]}" "${options[@]}" "$IMAGE" "$@" >/dev/null
}

# start NAME DATABASE [OPTION… [-- ARGUMENT…]]
start() {
	container "$@"
	docker start "$RUN-$1" >/dev/null
}

# run_once DATABASE ARGUMENT…: a container that ends by itself; its output, and its status.
run_once() {
	local database=$1
	shift
	settings "$database" >"$WORK/once.$LANE.env"
	docker run --rm --label "trm.verify=$RUN" --network "$NETWORK" --env-file "$WORK/once.$LANE.env" "${COMPILED[@]}" "$IMAGE" "$@"
}

logs() {
	docker logs "$RUN-$1" 2>&1
}

state() {
	docker inspect --format "{{.State.$2}}" "$RUN-$1"
}

is_serving() {
	docker exec "$RUN-$1" wget -q -O /dev/null http://127.0.0.1:8055/server/ping
}

# wait_until_serving NAME: fails at once when the container has ended.
wait_until_serving() {
	if ! follows "$1" 600 'Server started at'; then
		[[ "$(state "$1" Running)" == true ]] || { logs "$1"; fail "$1 ended with $(state "$1" ExitCode)"; }
		logs "$1"
		fail "$1 does not serve after 600 s"
	fi
	eventually 60 "$1 answers" is_serving "$1"
}

# follows NAME SECONDS PATTERN: reads the log until a line matches, without asking again and again.
follows() {
	grep -qE -- "$3" < <(exec timeout "$2" docker logs --follow "$RUN-$1" 2>&1)
}

# wait_for_end NAME SECONDS: its status.
wait_for_end() {
	timeout "$2" docker wait "$RUN-$1" || fail "$1 has not ended within $2 s"
}

wait_for_log() {
	follows "$1" "$3" "$2" || fail "not within $3 s: \"$2\" in the log of $1"
}

remove() {
	docker rm --force --volumes "${@/#/$RUN-}" >/dev/null
}

# program NAME CONTAINER ARGUMENT…: a file of programs/, in the container's own Node.
program() {
	local name=$1 container=$2
	shift 2
	cat "$ROOT/tests/image/programs/session.mjs" "$ROOT/tests/image/programs/$name.mjs" |
		docker exec --interactive "$RUN-$container" node --input-type=module - "$@"
}
