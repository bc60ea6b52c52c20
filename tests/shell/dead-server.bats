#!/usr/bin/env bats
# A server that ends by itself: whenever it does, the container ends too, not with 0, with the reason in its last lines.
# shellcheck disable=SC2030,SC2034,SC2031,SC2153,SC2154 # each @test is a subshell on purpose; output and lines come from bats

load helpers
load boot-helpers
load warm-boot-helpers

setup_file() {
	boot_once
	# Preloaded into every node of a boot; only the server is a worker of a cluster.
	cat >"$BATS_FILE_TMPDIR/die.cjs" <<-'JS'
		const { DIE_AFTER, DIE_WITH } = process.env;
		const die = () => {
			process.stderr.write('here is the reason\n');
			setTimeout(() => process.exit(Number(DIE_WITH)), 50);
		};
		if (require('node:cluster').isWorker && DIE_AFTER === 'serving') {
			const send = process.send;
			process.send = (message, ...rest) => {
				if (message === 'ready') setTimeout(die, 500);
				return send.call(process, message, ...rest);
			};
		} else if (require('node:cluster').isWorker && DIE_AFTER) {
			setTimeout(die, 1000 * Number(DIE_AFTER));
		}
	JS
}

setup() {
	copy_booted_database
}

teardown() {
	stop_boots
	drop_database
}

# dies SECONDS|serving STATUS: starts a server that ends by itself after so long.
dies() {
	DIE_AFTER=$1 DIE_WITH=$2 NODE_OPTIONS="--require $BATS_FILE_TMPDIR/die.cjs" start_boot "$LOG.$1"
}

# ended PID LOG STATUS REASON
ended_with() {
	eventually 60 has_ended "$1" || { cat "$2"; return 1; }
	status_of "$1"
	equal "$status" "$3"
	# pm2 has lines of its own, more of them where it is slow.
	run tail -n 10 "$2"
	expect "$4"
}

has_ended() {
	! kill -0 "$1" 2>/dev/null
}

@test "at once, after 1, 3.1 and 20 seconds, and as soon as it serves" {
	local after ended=()
	for after in 0 1 3.1 20 serving; do
		dies "$after" 78
		ended+=("$boot $after")
	done
	for after in "${ended[@]}"; do
		ended_with "${after% *}" "$LOG.${after#* }" 78 'here is the reason'
	done
}

@test "with 0, and killed" {
	dies 0.1 0
	ended_with "$boot" "$LOG.0.1" 1 'here is the reason'

	start_boot "$LOG"
	serves_or_show 60 "$port" "$LOG"
	kill -KILL "$(cut -d ' ' -f 1 "/proc/$boot/task/$boot/children")"
	ended_with "$boot" "$LOG" 1 'exited with code [0] via signal [SIGKILL]'
}

@test "for a wrong setting, a Redis that is none and a port that is taken" {
	EVENT_RETENTION=14 start_boot "$LOG"
	ended_with "$boot" "$LOG" 78 'EVENT_RETENTION'

	REDIS=nonsense start_boot "$LOG"
	ended_with "$boot" "$LOG" 78 'REDIS'

	start_boot "$LOG.first"
	local first=$boot taken=$port
	serves_or_show 60 "$taken" "$LOG.first"
	start_boot "$LOG" env "PORT=$taken" "$ENTRYPOINT"
	eventually 60 has_ended "$boot" || { cat "$LOG"; return 1; }
	status_of "$boot"
	((status != 0))
	run tail -n 8 "$LOG"
	expect "$taken"
	serves "$taken"
	kill -TERM "$first"
	status_of "$first"
	equal "$status" 0
}

@test "with PM2_AUTO_RESTART=true it is started again instead" {
	PM2_AUTO_RESTART=true dies serving 1
	eventually 60 log_has "$LOG.serving" 'here is the reason' || { cat "$LOG.serving"; return 1; }
	eventually 30 starts_twice "$LOG.serving" || { cat "$LOG.serving"; return 1; }
}

starts_twice() {
	(($(grep -c 'here is the reason' "$1") >= 2))
}
