#!/usr/bin/env bash
# npm run dev:reset [-- --yes | --down]: compose.dev.yaml from nothing to the admin UI. Deletes the volumes of its own compose
# project and nothing else.
set -euo pipefail
# shellcheck source=local/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/local/lib/common.sh"

# One for each checkout: the project's name decides what `down` deletes.
PROJECT=${TRM_DEV_PROJECT:-trm-dev-$(printf '%s' "$ROOT" | sha256sum | head -c 8)}
SECRETS=$LOCAL/compose-dev
# In the container's /tmp, until it stands in SECRETS.
USERS_INSIDE=/tmp/seed-users.csv
HEALTHY_WITHIN=300
COMPOSE=()
YES=false
ONLY_DOWN=false

usage() {
	cat <<-'TEXT'
		usage: npm run dev:reset [-- OPTION…]
		  --yes    delete a database that is there without asking
		  --down   only stop and delete it
		exit: 0 done, 1 failed or not confirmed, 64 usage, 69 no docker, no compose, no engine or no port, 78 a wrong setting or a missing --yes
	TEXT
}

on_signal() {
	trap '' INT TERM HUP PIPE
	end_step
	complain '' 'Stopped half way. Run it again, it begins from nothing.'
	exit 130
}

parse() {
	local argument
	for argument in "$@"; do
		case "$argument" in
			--yes) YES=true ;;
			--down) ONLY_DOWN=true ;;
			-h | --help) usage; exit 0 ;;
			*) usage >&2; die 64 "dev:reset knows no $argument." ;;
		esac
	done
	[[ $PROJECT =~ ^trm-dev-[a-z0-9_-]+$ ]] || die 78 "TRM_DEV_PROJECT=$PROJECT: its name must begin with trm-dev-, so that no other project is deleted by mistake."
}

check_seed() {
	local seed=${TRM_SEED:-rally-albania-2026}
	[[ $seed == none || -d seeds/$seed ]] || die 78 "TRM_SEED=$seed: there is no seeds/$seed. Use the name of a folder in seeds/, or none."
}

find_compose() {
	command -v docker >/dev/null || die 69 'There is no docker here.' \
		'Install Docker with its compose plugin (Debian: apt-get install docker.io docker-compose), or do without: npm start'
	local answer
	answer=$(docker version --format '{{.Server.Version}}' 2>&1) ||
		die 69 "The Docker engine does not answer: ${answer##*$'\n'}" 'Start it, or let DOCKER_HOST name one that runs.'
	if docker compose version >/dev/null 2>&1; then
		COMPOSE=(docker compose)
	elif command -v docker-compose >/dev/null; then
		# Compose 1 builds with the old builder unless told otherwise, and that does not know our Dockerfile.
		export COMPOSE_DOCKER_CLI_BUILD=1
		COMPOSE=(docker-compose)
	else
		die 69 'There is neither docker compose nor docker-compose here.' \
			'Install the compose plugin of Docker, or from Debian: apt-get install docker-compose'
	fi
	export DOCKER_BUILDKIT=1
	COMPOSE+=(--project-name "$PROJECT" --file "$ROOT/compose.dev.yaml")
}

volumes() {
	docker volume ls --quiet --filter "label=com.docker.compose.project=$PROJECT"
}

containers() {
	docker ps --all --quiet --filter "label=com.docker.compose.project=$PROJECT"
}

confirm() {
	local answer
	if $YES || [[ -z $(volumes) ]]; then return 0; fi
	if [[ ! -t 0 ]]; then
		die 78 "This deletes the database, events and uploads of $PROJECT." 'If you mean it: npm run dev:reset -- --yes'
	fi
	read -r -p "Delete the database, events and uploads of $PROJECT? [y/N] " answer
	[[ $answer == [yY]* ]] || die 1 'Nothing is deleted.'
}

remove() {
	# Compose reads the whole file also to delete, and wants the secrets to be there.
	make_secrets
	if [[ -n $(containers)$(volumes) ]]; then
		run_step compose-down "Deleting $PROJECT" "${COMPOSE[@]}" down --volumes --remove-orphans || exit 1
	fi
	rm -rf "$SECRETS"
}

make_secrets() {
	"$ROOT/scripts/make-secrets.sh" "$SECRETS" >/dev/null || exit
}

state() {
	docker inspect --format '{{.State.Status}} {{.State.Health.Status}} {{.State.ExitCode}}' "$1"
}

# The boot's own lines tell why, so they are the last thing to be seen.
wait_healthy() {
	local id status health code deadline=$((SECONDS + HEALTHY_WITHIN))
	id=$("${COMPOSE[@]}" ps --quiet directus 2>/dev/null)
	while read -r status health code < <(state "$id"); do
		[[ $health != healthy ]] || return 0
		if [[ $status != running && $status != created ]]; then
			docker logs --tail 20 "$id" >&2
			complain '' "Directus ended with exit $code; the reason stands above."
			return 1
		fi
		if ((SECONDS > deadline)); then
			docker logs --tail 20 "$id" >&2
			complain '' "Directus was not healthy within $HEALTHY_WITHIN s; its last lines stand above."
			return 1
		fi
		pause 0.5
	done
	complain 'Directus is gone: somebody removed its container.'
	return 1
}

load_seed() {
	local seed=${TRM_SEED:-rally-albania-2026}
	if [[ $seed == none ]]; then return 0; fi
	run_step compose-seed "Loading seeds/$seed" in_directus ./entrypoint.sh trm seed load "seeds/$seed" --credentials "$USERS_INSIDE" || return
	# The directory is closed to other users.
	in_directus cat "$USERS_INSIDE" >"$SECRETS/users.csv" && in_directus rm "$USERS_INSIDE"
}

in_directus() {
	"${COMPOSE[@]}" exec -T directus "$@" </dev/null
}

main() {
	trap on_signal INT TERM HUP PIPE
	parse "$@"
	load_env_file "$ROOT/.env"
	export PORT=${PORT:-8055} ADMIN_EMAIL=${ADMIN_EMAIL:-admin@example.com} TRM_DEV_SECRETS=$SECRETS
	check_seed
	find_compose
	confirm
	# Before anything is deleted; the project's own container may be who holds it.
	if ! $ONLY_DOWN && [[ -z $(containers) ]]; then need_port "$PORT" Directus PORT 'npm run dev:reset'; fi
	remove
	if $ONLY_DOWN; then
		say "Deleted. Nothing of $PROJECT is left."
		return
	fi
	need_port "$PORT" Directus PORT 'npm run dev:reset'
	make_secrets
	run_step compose-build 'Building the image' "${COMPOSE[@]}" build directus || exit 1
	run_step compose-up 'Starting Postgres, Redis and Directus' "${COMPOSE[@]}" up --detach || exit 1
	run_step compose-wait 'The first boot' wait_healthy || exit 1
	load_seed || exit 1
	printf '\n'
	printf '  %-9s %s\n' Address "http://127.0.0.1:$PORT" E-mail "$ADMIN_EMAIL" Password "$(<"$SECRETS/admin_password")"
	if [[ -e $SECRETS/users.csv ]]; then printf '  %-9s one per role, in %s\n' Users "${SECRETS#"$ROOT/"}/users.csv"; fi
	printf '\n  Its log: docker logs --follow %s\n  Delete:  npm run dev:reset -- --down\n\n' \
		"$(docker ps --quiet --filter "label=com.docker.compose.project=$PROJECT" --filter label=com.docker.compose.service=directus)"
	say 'Ready.'
}

main "$@"
