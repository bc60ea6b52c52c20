import { once } from 'node:events';
import {
	Agent,
	createServer,
	request as httpRequest,
	type IncomingMessage,
	type Server,
	type ServerResponse,
} from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OpenResponses } from './open-responses.js';

/** A real server whose requests wait until the test answers them. */
let server: Server;
let responses: OpenResponses;
let agent: Agent;

beforeEach(async () => {
	responses = new OpenResponses();
	agent = new Agent({ keepAlive: true, maxSockets: 1 });
	server = createServer((_request, response) => {
		responses.add(response);
		server.emit('taken', response);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
});

afterEach(() => {
	agent.destroy();
	server.closeAllConnections();
	server.close();
});

/** Sends a request and waits until the server has it. */
async function send(): Promise<{ response: ServerResponse; answer: Promise<IncomingMessage> }> {
	const { port } = server.address() as AddressInfo;
	const request = httpRequest({ port, host: '127.0.0.1', agent });
	const answer = once(request, 'response').then(([message]) => message as IncomingMessage);
	request.end();
	const [response] = (await once(server, 'taken')) as [ServerResponse];
	return { response, answer };
}

describe('a response', () => {
	it('leaves its connection open as long as the server runs', async () => {
		const { response, answer } = await send();
		response.end('done');
		expect((await answer).headers.connection).toBe('keep-alive');
	});

	it('that is under way when the server stops is the last one of its connection', async () => {
		const { response, answer } = await send();
		responses.close();
		response.end('done');
		expect((await answer).headers.connection).toBe('close');
	});

	it('whose request arrives after that is the last one too', async () => {
		responses.close();
		const { response, answer } = await send();
		response.end('done');
		expect((await answer).headers.connection).toBe('close');
	});

	it('whose headers are sent already closes its connection behind its last byte', async () => {
		const { response, answer } = await send();
		response.write('half');
		const message = await answer;
		responses.close();
		const closed = once(message.socket, 'close');
		response.end('whole');
		expect(Buffer.concat(await message.toArray()).toString()).toBe('halfwhole');
		await closed;
	});
});

describe('a request', () => {
	it('that arrives on a connection whose other half is closed is not taken', async () => {
		let added: boolean | undefined;
		server.removeAllListeners('request');
		server.on('request', (_request, response: ServerResponse) => {
			added = responses.add(response);
		});

		const connection = once(server, 'connection').then(([socket]) => socket as Socket);
		const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
		(await connection).end();
		client.write('POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n');
		await once(client, 'close');
		expect(added).toBe(false);
	});
});

describe('pipelined requests', () => {
	/** Sends three at once. @returns what came back when the connection ended or stayed silent. */
	async function pipeline(beforeAnswers: () => void): Promise<string> {
		const waiting: ServerResponse[] = [];
		server.removeAllListeners('request');
		server.on('request', (_request, response: ServerResponse) => {
			if (responses.add(response)) waiting.push(response);
			if (waiting.length < 3) return;
			beforeAnswers();
			for (const [index, each] of waiting.entries()) each.end(`answer ${index + 1}.`);
		});

		const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
		let received = '';
		client.on('data', (chunk: Buffer) => (received += chunk.toString()));
		client.write('GET / HTTP/1.1\r\nHost: test\r\n\r\n'.repeat(3));
		while (!received.includes('answer 3.')) await once(client, 'data');
		client.destroy();
		return received;
	}

	it('are all answered', async () => {
		expect(await pipeline(() => undefined)).toMatch(/answer 1\.[^]*answer 2\.[^]*answer 3\./);
	});

	it('are all answered when the server stops, and only the last answer closes the connection', async () => {
		const received = await pipeline(() => responses.close());
		expect(received).toMatch(/answer 1\.[^]*answer 2\.[^]*Connection: close[^]*answer 3\./);
		expect(received.match(/Connection: close/g)).toHaveLength(1);
	});
});
