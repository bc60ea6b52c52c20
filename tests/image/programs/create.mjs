// Creates vehicles. Arguments: e-mail, password, how many.
const [email, password, count] = process.argv.slice(2);
const call = await signIn('http://127.0.0.1:8055', email, password);
const { id: organization } = await call('POST', '/items/organizations', { name: 'Home', slug: `home-${process.pid}` });

for (let number = 1; number <= Number(count); number++) {
	await call('POST', '/items/vehicles', { organization, make: 'KTM', model: `Rally ${number}`, kind: 'moto' });
}
