import { request } from 'node:http';
import type { Answer } from '../../support/stack.js';
import type { Client } from '../client.js';
import type { Ask } from './attack.js';

/** Sends a request as it stands: fetch would tidy up its path, and refuses some methods. */
export async function sendRaw(client: Client, [as, method, path, body, headers = {}]: Ask): Promise<Answer> {
	const token = typeof as === 'string' ? client.tokens[as] : as.token;
	const { hostname, port } = new URL(client.url);
	const content = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);

	return new Promise((resolve, reject) => {
		const sent = request(
			{
				hostname,
				port,
				method,
				path,
				headers: {
					...(token === null ? {} : { Authorization: `Bearer ${token}` }),
					...(content === undefined
						? {}
						: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(content) }),
					...headers,
				},
			},
			(response) => {
				let text = '';
				response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
				response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
			},
		);

		// Of an upgrade that is taken, and of a connection that is cut, there is no answer to read.
		sent.on('upgrade', ({ statusCode = 101 }, socket) => {
			socket.destroy();
			resolve({ status: statusCode, body: 'upgraded' });
		});
		sent.on('error', (error: NodeJS.ErrnoException) => {
			if (error.code === 'ECONNRESET' || error.code === 'EPIPE') resolve({ status: 400, body: 'cut off' });
			else reject(error);
		});
		sent.end(content);
	});
}
