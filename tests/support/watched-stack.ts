import { eventually } from './processes.js';
import { startStack, type Stack } from './stack.js';

export const TOKEN = 'a-token-of-prometheus';
export const PASSWORD = 'a-password-of-redis';

/** A stack whose status and metrics are read: by tokens for metrics, and by a user who may sign in and nothing else. */
export async function startWatchedStack(): Promise<{ stack: Stack; userToken: string }> {
	const stack = await startStack({ serve: false, env: { METRICS_TOKENS: `another-token,${TOKEN}` } });

	// With a password in the URL, so that it could be given away.
	await stack.redis.config('SET', 'requirepass', PASSWORD);
	const url = new URL(stack.redisServer.url);
	url.password = PASSWORD;
	stack.env['REDIS'] = url.href;
	await stack.start();

	const userToken = 'a-token-of-a-marshal';
	await stack.api('POST', '/users', { email: 'marshal@example.com', password: 'not-used-here', token: userToken });
	// A server that has just started on a busy machine may be late with its first answers.
	await eventually('the status is well', async () => {
		const { status, body } = await stack.api('GET', '/event-stream/status');
		return status === 200 && body.data.state === 'ok';
	});
	return { stack, userToken };
}

/** The samples of an exposition by name and labels, as they stand before the value. */
export function samplesOf(text: string): Map<string, number> {
	const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
	return new Map(samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
}
