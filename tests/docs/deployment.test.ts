import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load, loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] as string);

interface Service {
	image: string;
	build?: unknown;
	command?: unknown;
	entrypoint?: unknown;
	environment?: Record<string, string>;
	secrets?: string[];
	volumes?: string[];
	ports?: string[];
	networks?: string[];
	depends_on?: Record<string, { condition: string }>;
	[key: string]: unknown;
}

interface ComposeFile {
	services: Record<string, Service>;
	networks?: Record<string, { internal?: boolean } | null>;
	volumes: Record<string, null>;
	secrets: Record<string, { file: string }>;
}

const production = load(read('compose.yaml')) as ComposeFile;
const development = load(read('compose.dev.yaml')) as ComposeFile;
const files = { 'compose.yaml': production, 'compose.dev.yaml': development };
const all = Object.entries(files);
const servicesOf = (file: ComposeFile) => Object.entries(file.services);

describe.each(all)('%s', (name, file) => {
	const text = read(name);

	it('is documented: each variable that it takes has a row in docs/environment.md', () => {
		const page = read('docs/environment.md');
		const taken = new Set(matches(text, /\$\{([A-Z_]+)/g));

		expect(taken).toContain('DB_IMAGE');
		expect([...taken].filter((variable) => !page.includes(`\`${variable}\``))).toEqual([]);
	});

	it('sets only variables that the boot, the bundle or Directus reads', () => {
		const page = read('docs/environment.md');
		const directus = new Set(matches(read('node_modules/@directus/env/dist/index.js'), /^\t"([A-Z_]+)",?$/gm));
		const known = (variable: string) => directus.has(variable) || page.includes(`\`${variable}\``);
		const set = Object.keys(file.services['directus']?.environment ?? {});
		const unknown = set.filter(
			(variable) => !known(variable.replace(/_FILE$/, '')) && !variable.startsWith('DB_POOL__'),
		);

		expect(set).toContain('DB_PASSWORD_FILE');
		expect(unknown).toEqual([]);
	});

	it('holds no secret: what is one comes from a file that the service is given', () => {
		for (const [, service] of servicesOf(file)) {
			for (const [variable, value] of Object.entries(service.environment ?? {})) {
				if (variable.endsWith('_FILE')) {
					expect(value).toMatch(/^\/run\/secrets\//);
					expect(service.secrets).toContain(value.replace('/run/secrets/', ''));
				} else {
					expect(variable).not.toMatch(/PASSWORD|SECRET|TOKEN|^KEY$|^REDIS$/);
				}
			}

			// A secret that nothing defines would be found out only by starting it.
			for (const secret of service.secrets ?? []) expect(file.secrets).toHaveProperty(secret);
		}
	});

	it('mounts what is there, and names each volume', () => {
		for (const [, service] of servicesOf(file)) {
			for (const [source = ''] of (service.volumes ?? []).map((volume) => volume.split(':'))) {
				if (source.startsWith('./')) expect(existsSync(join(root, source)), source).toBe(true);
				else expect(file.volumes).toHaveProperty(source);
			}
		}
	});

	it('pins every image that it does not build', () => {
		const images = servicesOf(file).flatMap(([, { image, build }]) => (build ? [] : [image]));

		expect(images.length).toBeGreaterThan(1);
		// A full version, so that two hosts that start the same file run the same.
		for (const image of images) expect(image).toMatch(/:-[a-z/-]+:(?:\d+\.\d+\.\d+-|pg\d+\.\d+-ts\d+\.\d+\.\d+\})/);
	});

	it('gives no container more rights than it needs', () => {
		for (const [, service] of servicesOf(file)) {
			expect(service['cap_drop']).toEqual(['ALL']);
			expect(service['security_opt']).toEqual(['no-new-privileges:true']);
		}

		for (const [service, { read_only: readOnly }] of servicesOf(file)) {
			if (service !== 'postgres') expect(readOnly, service).toBe(true);
		}
	});

	it('waits for Postgres, and boots as the image does', () => {
		for (const [, service] of servicesOf(file).filter(([service]) => service.startsWith('directus'))) {
			expect(service.depends_on?.['postgres']?.condition).toBe('service_healthy');
			expect(service.command ?? service.entrypoint).toBeUndefined();
		}
	});
});

describe('compose.yaml', () => {
	it('reaches Postgres and Redis from the replicas only, and these through the proxy only', () => {
		const published = servicesOf(production).flatMap(([name, { ports }]) => (ports ? [name] : []));

		expect(published).toEqual(['proxy']);
		expect(production.networks?.['back']?.internal).toBe(true);
		expect(production.services['postgres']?.networks).toEqual(['back']);
		expect(production.services['redis']?.networks).toEqual(['back']);
	});

	it('has a proxy that knows every replica', () => {
		const replicas = Object.keys(production.services).filter((name) => name.startsWith('directus'));

		expect(replicas).toHaveLength(2);
		expect(read('compose/caddy/Caddyfile')).toContain(
			`reverse_proxy ${replicas.map((name) => `${name}:8055`).join(' ')} {`,
		);
	});

	it('lets a container that refuses to boot come to an end', () => {
		expect(production.services['directus']?.['restart']).toBe('on-failure:${TRM_RESTARTS:-100}');
	});

	it('mounts the secrets that make-secrets.sh makes, which git ignores', () => {
		const directory = mkdtempSync(join(tmpdir(), 'trm-secrets-'));

		try {
			execFileSync(join(root, 'scripts/make-secrets.sh'), [directory]);
			const made = readdirSync(directory).sort();

			expect(Object.keys(production.secrets).sort()).toEqual(made);
			const paths = Object.values(production.secrets).map(({ file }) => file.replace('./', ''));
			const ignored = execFileSync('git', ['check-ignore', ...paths], { cwd: root, encoding: 'utf8' });
			expect(ignored.trim().split('\n').sort()).toEqual(paths.sort());
		} finally {
			rmSync(directory, { recursive: true });
		}
	});
});

describe('compose.dev.yaml', () => {
	it('runs the images of compose.yaml', () => {
		for (const name of ['postgres', 'redis']) {
			expect(development.services[name]?.image).toBe(production.services[name]?.image);
		}
	});

	it('listens on loopback only', () => {
		for (const [, { ports }] of servicesOf(development)) {
			for (const port of ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
		}
	});

	it('shares no volume with compose.yaml: dev:reset deletes its own', () => {
		expect(Object.keys(development.volumes).filter((volume) => volume in production.volumes)).toEqual([]);
	});
});

describe('.gitea/workflows/ci.yaml', () => {
	const text = read('.gitea/workflows/ci.yaml');

	it('pins every action and container to a full version', () => {
		const used = [...matches(text, /uses: (\S+)/g), ...matches(text, /container: (\S+)/g)];

		expect(used.length).toBeGreaterThan(5);
		expect(used.filter((name) => !/[@:]v?\d+\.\d+\.\d+(?:-[a-z]+)?$/.test(name))).toEqual([]);
	});

	it('runs scripts that are there', () => {
		const scripts = matches(text, /((?:scripts|tests)\/[\w/-]+\.sh)/g);

		expect(scripts).toContain('scripts/verify-image.sh');
		expect(scripts.filter((script) => !existsSync(join(root, script)))).toEqual([]);
	});

	it.each([
		['scripts/ci/snapshot-dry-run.sh', 'DB_IMAGE', 'postgres'],
		['tests/image/lib/containers.sh', 'DB_IMAGE', 'postgres'],
		['tests/image/lib/containers.sh', 'REDIS_IMAGE', 'redis'],
	])('tries the image with what compose.yaml runs: %s, %s', (script, variable, service) => {
		const image = /:-(.+)\}$/.exec(production.services[service]?.image ?? '')?.[1];

		expect(read(script)).toContain(`${variable}:-${image}}`);
	});
});

describe('docs/kubernetes.md', () => {
	interface Pod {
		enableServiceLinks: boolean;
		securityContext: { runAsNonRoot: boolean };
		containers: {
			env: { name: string }[];
			securityContext: Record<string, unknown>;
			volumeMounts: { name: string }[];
		}[];
		volumes: { name: string }[];
	}

	interface Manifest {
		kind: string;
		spec: { template?: { spec: Pod } };
	}

	const manifests = matches(read('docs/kubernetes.md'), /^```yaml\n([\s\S]*?)^```$/gm).flatMap(
		(block) => loadAll(block) as Manifest[],
	);
	const pods = manifests.flatMap(({ kind, spec }) => (spec.template ? [[kind, spec.template.spec] as const] : []));

	it('has a Deployment and a Job', () => {
		expect(pods.map(([kind]) => kind)).toEqual(['Deployment', 'Job']);
	});

	it.each(pods)('locks the pods of the %s down', (_kind, pod) => {
		expect(pod.securityContext.runAsNonRoot).toBe(true);
		expect(pod.enableServiceLinks).toBe(false);

		for (const container of pod.containers) {
			expect(container.securityContext).toEqual({
				allowPrivilegeEscalation: false,
				readOnlyRootFilesystem: true,
				capabilities: { drop: ['ALL'] },
			});
			const volumes = pod.volumes.map(({ name }) => name);
			expect(container.volumeMounts.filter(({ name }) => !volumes.includes(name))).toEqual([]);
		}
	});

	it.each(pods)('sets variables that docs/environment.md has in the %s', (_kind, pod) => {
		const page = `${read('docs/environment.md')} \`IP_TRUST_PROXY\``;
		const names = pod.containers.flatMap(({ env }) => env.map(({ name }) => name.replace(/_FILE$/, '')));

		expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
	});
});
