// Creates vehicles with several workers until the server refuses connections. Half of them keep their connection, half open one for
// each request. Arguments: address, e-mail, password, workers. Prints one line of counts, then one of names: vehicles whose creation
// was answered, and those whose connection was reset before any answer, as happens to one that is opened, or used again, in the
// moment in which a server closes its port. The server must not have taken these.
import http from 'node:http';

const [api, email, password, workers] = process.argv.slice(2);
const call = await signIn(api, email, password);
const { token } = call;
const { id: organization } = await call('POST', '/items/organizations', { name: 'Load', slug: `load-${process.pid}` });
const kept = new http.Agent({ keepAlive: true });
const counts = { answered: 0, refused: 0, reset: 0, cut: 0 };
const names = { answered: [], reset: [] };
const errors = new Set();

function create(model, agent) {
	return new Promise((resolve) => {
		const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
		const request = http.request(`${api}/items/vehicles`, { method: 'POST', agent, headers }, (response) => {
			response.on('error', (error) => resolve({ error, begun: true }));
			response.on('end', () => resolve({ status: response.statusCode }));
			response.resume();
		});
		request.on('error', (error) => resolve({ error, begun: false }));
		request.end(JSON.stringify({ organization, make: 'KTM', model, kind: 'moto' }));
	});
}

function outcome({ status, error, begun }) {
	if (status === 200) return 'answered';
	if (['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'].includes(error?.code)) return 'refused';
	if (!begun && error?.code === 'ECONNRESET') return 'reset';
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
