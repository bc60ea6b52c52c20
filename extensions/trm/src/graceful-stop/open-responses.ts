import type { ServerResponse } from 'node:http';

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
	#closing = false;

	/** Takes note of a response, when its request arrives. @returns false if it can reach nobody. */
	add(response: ServerResponse): boolean {
		if (response.socket?.writable !== true) return false;

		this.#open.add(response);
		response.once('close', () => this.#open.delete(response));
		if (this.#closing) makeLast(response);
		return true;
	}

	/** The server stops: no connection takes a further request. */
	close(): void {
		this.#closing = true;
		for (const response of this.#open) makeLast(response);
	}
}

function makeLast(response: ServerResponse): void {
	// Known by name, because the response has let go of its socket when it says that it is finished.
	const { socket } = response;

	if (!response.headersSent) response.setHeader('Connection', 'close');
	response.once('finish', () => socket?.destroySoon());
}
