import { once } from 'node:events';
import { createServer, connect, type Server, type Socket } from 'node:net';

/**
 * The way from one replica to a server, which can be cut or made to swallow everything while the server and the other
 * replica go on: a TCP port on loopback that forwards to another.
 */
export class Link {
	readonly port: number;
	readonly #target: number;
	readonly #server: Server;
	readonly #pairs = new Set<[Socket, Socket]>();
	#isRefusing = false;
	#isHanging = false;

	private constructor(port: number, target: number, server: Server) {
		this.port = port;
		this.#target = target;
		this.#server = server;
		server.on('connection', (client) => this.#forward(client));
	}

	static async open(port: number, target: number): Promise<Link> {
		const server = createServer({ allowHalfOpen: false, noDelay: true }).listen(port, '127.0.0.1');
		await once(server, 'listening');
		return new Link(port, target, server);
	}

	/** Whether a connection that the target sees coming from this port is one of this link's. */
	carries(port: number): boolean {
		return [...this.#pairs].some(([, server]) => server.localPort === port);
	}

	/** Resets all connections and refuses new ones. */
	cut(): void {
		this.#isRefusing = true;
		this.#reset();
	}

	hang(): void {
		this.#isHanging = true;
		for (const pair of this.#pairs) this.#stop(pair);
	}

	/** New connections are made again, and what was swallowed arrives. */
	mend(): void {
		this.#isRefusing = false;
		if (!this.#isHanging) return;
		this.#isHanging = false;
		for (const pair of this.#pairs) this.#flow(pair);
	}

	async close(): Promise<void> {
		this.#server.close();
		this.#reset();
		await once(this.#server, 'close');
	}

	#forward(client: Socket): void {
		client.on('error', () => undefined);

		if (this.#isRefusing) {
			client.resetAndDestroy();
			return;
		}

		const server = connect({ port: this.#target, host: '127.0.0.1', noDelay: true });
		const pair: [Socket, Socket] = [client, server];
		this.#pairs.add(pair);
		server.on('error', () => undefined);

		for (const [one, other] of [pair, [server, client] as const]) {
			one.on('close', () => {
				this.#pairs.delete(pair);
				other.destroy();
			});
		}

		if (!this.#isHanging) this.#flow(pair);
	}

	#flow([client, server]: [Socket, Socket]): void {
		client.pipe(server);
		server.pipe(client);
	}

	#stop([client, server]: [Socket, Socket]): void {
		client.unpipe(server).pause();
		server.unpipe(client).pause();
	}

	#reset(): void {
		for (const [client, server] of this.#pairs) {
			client.resetAndDestroy();
			server.resetAndDestroy();
		}
	}
}
