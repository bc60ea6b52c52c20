// Uploads a file. Arguments: e-mail, password.
const [email, password] = process.argv.slice(2);
const call = await signIn('http://127.0.0.1:8055', email, password);
const form = new FormData();
form.append('file', new Blob(['a file of the check'], { type: 'text/plain' }), 'check.txt');
await call('POST', '/files', form);
