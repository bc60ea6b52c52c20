# shellcheck shell=bash
# The dogfood seed, loaded by the bundle's command; an unchanged one costs a single query.

# One hash over the seed's names, contents and size, whatever the machine's locale and directory order.
seed_hash() {
	(
		cd "$1" || exit
		{
			find . -type f -not -name '.*' -not -name '*~' -printf '%P\n' | LC_ALL=C sort | tr '\n' '\0' |
				xargs -0 sha256sum --
			# Unset, the seed's own size counts, which is in its files.
			if [[ -n ${SEED_HOURS:-} ]]; then printf 'SEED_HOURS=%s\n' "$SEED_HOURS"; fi
		} | sha256sum | head -c 64
	)
}

loaded_seed() {
	PGPASSWORD=$DB_PASSWORD psql -X -q -A -t -h "$DB_HOST" -p "${DB_PORT:-5432}" -U "$DB_USER" -d "$DB_DATABASE" \
		-v key="seed:$1" <<<"SELECT value->>'hash' FROM trm.state WHERE key = :'key'"
}

# What the seed's users sign in with, random per installation; for this user only.
users_file() {
	printf '%s/users.csv' "$LOCAL"
}

# A seed that fails leaves the stack up, so that the failure can be looked at.
ensure_seed() {
	local seed=${TRM_SEED:-rally-albania-2026} dir hash
	if [[ $seed == none ]]; then return 0; fi
	dir=seeds/$seed
	if [[ ! -d $dir ]]; then
		complain "TRM_SEED=$seed: there is no $dir. Use the name of a folder in seeds/, or none."
		return 1
	fi
	hash=$(seed_hash "$dir")
	if [[ $(loaded_seed "$seed") == "$hash" ]]; then return 0; fi
	# Through the entrypoint, which knows the defaults that the command needs.
	run_step seed "Loading $dir" "$ROOT/entrypoint.sh" trm seed load "$dir" --hash "$hash" --credentials "$(users_file)"
}
