// Makes a device, and flags one fix of it. Arguments: e-mail, password, device id, time. Prints the answer.
const [email, password, imei, ts] = process.argv.slice(2);
const call = await signIn('http://127.0.0.1:8055', email, password);
const { id: organization } = await call('POST', '/items/organizations', { name: 'Home', slug: `home-${process.pid}` });

await call('POST', '/items/devices', { organization, imei, model: 'FMB920', protocol: 'teltonika' });
console.log(
	JSON.stringify(
		await call('POST', '/positions/flag-faulty', { reason: 'a check', positions: [{ device_id: imei, ts }] }),
	),
);
