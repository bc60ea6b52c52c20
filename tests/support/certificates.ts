import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runToEnd } from './processes.js';

/** Paths of PEM files. */
export interface Certificates {
	ca: string;
	server: { cert: string; key: string };
	client: { cert: string; key: string };
	remove(): Promise<void>;
}

/** An authority that nobody else knows, and what it has signed: a server and a client, valid for a day. @param names of the server */
export async function makeCertificates(names = 'IP:127.0.0.1'): Promise<Certificates> {
	const directory = await mkdtemp(join(tmpdir(), 'trm-tls-'));
	const path = (name: string) => join(directory, name);
	const pair = (name: string) => ({ cert: path(`${name}.crt`), key: path(`${name}.key`) });
	const authority = pair('ca');
	const signed = ['-CA', authority.cert, '-CAkey', authority.key, '-addext', 'basicConstraints=critical,CA:FALSE'];

	await openssl('ca', authority, []);
	await openssl('server', pair('server'), [...signed, '-addext', `subjectAltName=${names}`]);
	await openssl('client', pair('client'), signed);

	return {
		ca: authority.cert,
		server: pair('server'),
		client: pair('client'),
		remove: () => rm(directory, { recursive: true, force: true }),
	};
}

async function openssl(name: string, { cert, key }: { cert: string; key: string }, options: string[]): Promise<void> {
	const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
	const files = ['-keyout', key, '-out', cert, '-subj', `/CN=trm-test-${name}`, '-days', '1'];
	const { code, output } = await runToEnd('openssl', ['req', '-x509', ...curve, ...files, ...options], {});
	if (code !== 0) throw new Error(`openssl ended with ${code}:\n${output}`);
}
