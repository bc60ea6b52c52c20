import type { ServerResponse } from 'node:http';

/**
 * The responses that are under way, and the end of their connections when the server stops.
 *
 * Directus then half-closes each connection after the response it is making, but goes on reading: a client that uses its
 * connection again in that moment has its request carried out and gets no answer. So each response tells its client that
 * it is the last one on its connection, and with it the connection is closed in both directions.
 */
export class OpenResponses {
	readonly #open = new Set<ServerResponse>();
	#closing = false;

	/** Takes note of a response, when its request arrives. */
	add(response: ServerResponse): void {
		this.#open.add(response);
		response.once('close', () => this.#open.delete(response));
		if (this.#closing) makeLast(response);
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
