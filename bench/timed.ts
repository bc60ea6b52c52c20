/** Milliseconds until a request was answered to the last byte. @throws Error for another answer than 200. */
export async function timed(url: string, token: string, method: string, path: string, body?: object): Promise<number> {
	const began = performance.now();
	const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
	const answer = await fetch(`${url}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
	const text = await answer.text();
	if (answer.status !== 200) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
	return performance.now() - began;
}
