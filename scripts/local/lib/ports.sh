# shellcheck shell=bash
# Who listens where, read from /proc: a bare Debian has neither ss nor lsof.

# The inode of the socket that listens on a TCP port on any address; fails when the port is free.
listener_inode() {
	local hex local_address state inode
	hex=$(printf '%04X' "$1")
	while read -r _ local_address _ state _ _ _ _ _ inode _; do
		if [[ $state == 0A && ${local_address##*:} == "$hex" ]]; then
			printf '%s' "$inode"
			return 0
		fi
	done < <(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null)
	return 1
}

# "pid 123 (redis-server)", or less when the process belongs to another user.
port_holder() {
	local inode=$1 link pid
	link=$(find /proc/[0-9]*/fd -lname "socket:\[$inode\]" -print -quit 2>/dev/null) || true
	if [[ -z $link ]]; then
		printf 'a process of another user'
		return
	fi
	pid=${link#/proc/}
	pid=${pid%%/*}
	printf 'pid %s (%s)' "$pid" "$(cat "/proc/$pid/comm" 2>/dev/null)"
}

# need_port PORT WHAT VARIABLE [COMMAND]: the port is free, or a clear error.
need_port() {
	local port=$1 what=$2 variable=$3 inode
	if ! [[ $port =~ ^[0-9]{1,5}$ ]] || ((port < 1 || port > 65535)); then
		die 78 "$variable=$port is not a TCP port: give a number from 1 to 65535."
	fi
	if inode=$(listener_inode "$port"); then
		die 69 "Port $port, wanted for $what, is taken by $(port_holder "$inode")." \
			"Stop that process, or choose another port: $variable=$((port + 1)) ${4:-npm start}"
	fi
}

# need_different_ports VARIABLE...: or the second server to start would name the first as a stranger.
need_different_ports() {
	local first second
	while (($# > 1)); do
		first=$1
		shift
		for second in "$@"; do
			if [[ ${!first} == "${!second}" ]]; then
				die 78 "$first and $second are both ${!first}: give each a port of its own."
			fi
		done
	done
}

# A port that is free now, below the range from which the kernel takes outgoing ones.
free_port() {
	local port
	for _ in {1..200}; do
		port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
		if ! listener_inode "$port" >/dev/null; then
			printf '%s' "$port"
			return 0
		fi
	done
	return 1
}
