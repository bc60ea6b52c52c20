// Changes the make of a vehicle. Arguments: address, e-mail, password, vehicle, make.
const [api, email, password, vehicle, make] = process.argv.slice(2);
const call = await signIn(api, email, password);
await call('PATCH', `/items/vehicles/${vehicle}`, { make });
