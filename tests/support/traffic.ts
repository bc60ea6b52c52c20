import { setTimeout as sleep } from 'node:timers/promises';

/** Writes and reads vehicles at several servers all the time, and remembers whatever was not answered well. */
export class Traffic {
	/** one line for each request that failed */
	readonly failures: string[] = [];
	/** ids of vehicles that were created and updated once */
	readonly created = new Set<string>();
	answered = 0;
	#stopping = false;
	#workers: Promise<void>[] = [];

	constructor(
		readonly urls: string[],
		readonly token: string,
		/** whose the vehicles are */
		readonly organization: string,
	) {}

	start(): void {
		this.#workers = this.urls.map((url) => this.#work(url));
	}

	/** Lets the requests that run be answered. */
	async stop(): Promise<void> {
		this.#stopping = true;
		await Promise.all(this.#workers);
	}

	async #work(url: string): Promise<void> {
		while (!this.#stopping) {
			const created = await this.#request(url, 'POST', '/items/vehicles', {
				organization: this.organization,
				make: 'KTM',
				kind: 'moto',
			});
			const id = created?.['id'];
			if (typeof id !== 'string') continue;

			await this.#request(url, 'GET', '/items/vehicles?limit=5&sort=-date_created');
			const updated = await this.#request(url, 'PATCH', `/items/vehicles/${id}`, { make: 'Honda' });
			if (updated !== null) this.created.add(id);

			// What is booted meanwhile needs some of the processor too.
			await sleep(50);
		}
	}

	/** @returns the answer's data; null, with the failure noted, where there was none. */
	async #request(url: string, method: string, path: string, body?: object): Promise<Record<string, unknown> | null> {
		try {
			const response = await fetch(`${url}${path}`, {
				method,
				headers: { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json' },
				...(body === undefined ? {} : { body: JSON.stringify(body) }),
			});
			const text = await response.text();
			if (!response.ok) throw new Error(`${response.status} ${text}`);
			this.answered += 1;
			return (JSON.parse(text) as { data: Record<string, unknown> }).data;
		} catch (error) {
			this.failures.push(`${method} ${url}${path}: ${String(error)}`);
			return null;
		}
	}
}
