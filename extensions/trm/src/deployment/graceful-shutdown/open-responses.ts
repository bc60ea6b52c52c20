import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * The responses that are under way, and the end of their connections when the server stops.
 *
 * Directus then half-closes each connection that makes no response, and each other one after its response, but goes on
 * reading: a request that arrives in that moment, on a new connection or on one that is used again, is carried out and
 * gets no answer. So each response tells its client that it is the last one on its connection, with it the connection is
 * closed in both directions, and a request that cannot be answered any more is not taken.
 */
export class OpenResponses {
	readonly #open = new Set<ServerResponse>();
	/** connections whose last response is being made */
	readonly #ending = new WeakSet<Socket>();
	#closing = false;

	/** Takes note of a response, when its request arrives. @returns false if it can reach nobody: do not carry it out. */
	add(response: ServerResponse): boolean {
		// Not response.socket, which a pipelined request has only when it is its turn.
		const { socket } = response.req;

		if (!socket.writable) {
			socket.destroy();
			return false;
		}

		if (this.#ending.has(socket)) return false;

		this.#open.add(response);
		response.once('close', () => this.#open.delete(response));
		if (this.#closing) this.#makeLast(response);
		return true;
	}

	/** The server stops: no connection takes a further request. */
	close(): void {
		this.#closing = true;
		// Of pipelined requests, which were all taken, the one that came last is answered last.
		const last = new Map([...this.#open].map((response) => [response.req.socket, response]));
		for (const response of last.values()) this.#makeLast(response);
	}

	#makeLast(response: ServerResponse): void {
		const { socket } = response.req;

		this.#ending.add(socket);
		if (!response.headersSent) response.setHeader('Connection', 'close');
		response.once('finish', () => socket.destroySoon());
	}
}
