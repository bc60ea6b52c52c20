// What the upstream image's ecosystem.config.cjs does (same variables, same defaults), for a checkout: one instance in cluster
// mode that counts as up when Directus says ready, and that is not restarted after a crash unless PM2_AUTO_RESTART asks for it.
const env = process.env;

module.exports = [
	{
		name: 'directus',
		script: env.DIRECTUS_CLI ?? 'node_modules/directus/cli.js',
		args: ['start'],
		// Directus looks for package.json and extensions/ here.
		cwd: process.cwd(),
		instances: env.PM2_INSTANCES ?? '1',
		exec_mode: env.PM2_EXEC_MODE ?? 'cluster',
		wait_ready: true,
		autorestart: env.PM2_AUTO_RESTART === 'true',
		max_memory_restart: env.PM2_MAX_MEMORY_RESTART,
		max_restarts: env.PM2_MAX_RESTARTS,
		restart_delay: env.PM2_RESTART_DELAY ?? 0,
		min_uptime: env.PM2_MIN_UPTIME,
		listen_timeout: env.PM2_LISTEN_TIMEOUT,
		// Milliseconds between SIGINT and SIGKILL; must exceed Directus's SERVER_SHUTDOWN_TIMEOUT.
		kill_timeout: env.PM2_KILL_TIMEOUT,
	},
];
