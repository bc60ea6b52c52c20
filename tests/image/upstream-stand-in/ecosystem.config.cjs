// The upstream image's own file has the same variables and defaults.
const env = process.env;

module.exports = [
	{
		name: 'directus',
		script: 'cli.js',
		args: ['start'],
		instances: env.PM2_INSTANCES ?? '1',
		exec_mode: env.PM2_EXEC_MODE ?? 'cluster',
		wait_ready: true,
		autorestart: env.PM2_AUTO_RESTART === 'true',
		max_memory_restart: env.PM2_MAX_MEMORY_RESTART,
		max_restarts: env.PM2_MAX_RESTARTS,
		restart_delay: env.PM2_RESTART_DELAY ?? 0,
		min_uptime: env.PM2_MIN_UPTIME,
		listen_timeout: env.PM2_LISTEN_TIMEOUT,
		kill_timeout: env.PM2_KILL_TIMEOUT,
	},
];
