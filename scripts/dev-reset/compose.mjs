// What npm run dev:reset tells Docker, and what it says of it.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

const began = Date.now();
export const print = (text) => void process.stdout.write(`${text}\n`);
export const say = (line) => print(`[${((Date.now() - began) / 1_000).toFixed(1).padStart(6)}s] ${line}`);

/** The end of it, with an exit status and what to do. */
export class Refusal extends Error {
	constructor(status, ...lines) {
		super(lines.join('\n'));
		this.status = status;
	}
}

/** The commands of one compose project. */
export class Compose {
	#settings;
	#command = ['docker', 'compose'];

	/** @throws Refusal where docker, its engine or compose is missing */
	constructor(settings) {
		this.#settings = settings;
		const engine = this.#run(['docker', 'version', '--format', '{{.Server.Version}}']);

		if (engine.error?.code === 'ENOENT') {
			throw new Refusal(
				69,
				'There is no docker here.',
				'Install Docker with its compose plugin: Docker Desktop on macOS and Windows, docker.io and docker-compose on Debian.',
				'On Debian and Ubuntu you can also do without: npm start',
			);
		}

		if (engine.status !== 0) {
			const reason = engine.stderr.trim().split('\n').at(-1);
			throw new Refusal(
				69,
				`The Docker engine does not answer: ${reason}`,
				'Start it, or let DOCKER_HOST name one that runs.',
			);
		}

		if (this.#run([...this.#command, 'version']).status === 0) return;
		this.#command = ['docker-compose'];

		if (this.#run([...this.#command, 'version']).status !== 0) {
			throw new Refusal(
				69,
				'There is neither docker compose nor docker-compose here.',
				'Install the compose plugin of Docker.',
			);
		}
	}

	#run([command, ...parameters], stdio = ['ignore', 'pipe', 'pipe']) {
		return spawnSync(command, parameters, { cwd: root, env: this.#settings.env, encoding: 'utf8', stdio });
	}

	docker(...parameters) {
		return this.#run(['docker', ...parameters]).stdout.trim();
	}

	/** @throws Refusal with what it is good for, when it fails; what it prints goes to the terminal */
	do(label, ...parameters) {
		say(`${label} …`);
		const prefix = ['--project-name', this.#settings.project, '--file', join(root, 'compose.dev.yaml')];
		const { status } = this.#run([...this.#command, ...prefix, ...parameters], ['ignore', 2, 2]);
		if (status !== 0) throw new Refusal(1, `${label}: failed with exit ${status}; the reason stands above.`);
	}

	ofProject(...what) {
		return this.docker(...what, '--quiet', '--filter', `label=com.docker.compose.project=${this.#settings.project}`);
	}

	get hasVolumes() {
		return this.ofProject('volume', 'ls') !== '';
	}

	get hasContainers() {
		return this.ofProject('ps', '--all') !== '';
	}

	get directus() {
		return this.ofProject('ps', '--all', '--filter', 'label=com.docker.compose.service=directus');
	}
}
