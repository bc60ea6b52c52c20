// Creates vehicles with several workers until the server refuses connections. Half of them keep their connection, half open one for
// each request. Arguments: address, e-mail, password, workers. Prints one line of counts, then one of names: vehicles whose creation
// was answered, and such that were asked for on a kept connection which the server had closed meanwhile (what every HTTP client meets
// and sends again: the server must not have taken them).
import http from 'node:http';

const [api, email, password, workers] = process.argv.slice(2);
const { token } = await signIn(api, email, password);
const kept = new http.Agent({ keepAlive: true });
const counts = { answered: 0, refused: 0, stale: 0, unavailable: 0, cut: 0 };
const names = { answered: [], stale: [] };
const errors = new Set();

function create(model, agent) {
	return new Promise((resolve) => {
		const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
		const request = http.request(`${api}/items/vehicles`, { method: 'POST', agent, headers }, (response) => {
			response.on('error', (error) => resolve({ error, reused: false }));
			response.on('end', () => resolve({ status: response.statusCode }));
			response.resume();
		});
		request.on('error', (error) => resolve({ error, reused: request.reusedSocket }));
		request.end(JSON.stringify({ make: 'KTM', model, kind: 'moto' }));
	});
}

function outcome({ status, error, reused }) {
	if (status === 200) return 'answered';
	if (status === 503) return 'unavailable';
	if (['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'].includes(error?.code)) return 'refused';
	if (reused && error?.code === 'ECONNRESET') return 'stale';
	errors.add(error ? `${error.code} ${error.message}` : `status ${status}`);
	return 'cut';
}

await Promise.all(
	Array.from({ length: Number(workers) }, async (_, worker) => {
		for (let number = 0, result; result !== 'refused'; number++) {
			const model = `${process.pid}-${worker}-${number}`;
			result = outcome(await create(model, worker % 2 === 0 ? kept : false));
			counts[result]++;
			names[result]?.push(model);
		}
	}),
);

console.log(JSON.stringify({ ...counts, errors: [...errors] }));
console.log(JSON.stringify(names));
process.exit(0);
