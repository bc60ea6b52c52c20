// Put before each of the other programs: signs in, and calls the API as the administrator.

/** @param api address of the server, http://host:port. @returns call(method, path, body?) → the answer's data */
globalThis.signIn = async (api, email, password) => {
	const send = async (method, path, body, headers) => {
		const response = await fetch(`${api}${path}`, { method, headers, body });
		const text = await response.text();
		if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
		return text === '' ? null : JSON.parse(text).data;
	};

	const json = { 'Content-Type': 'application/json' };
	const { access_token: token } = await send('POST', '/auth/login', JSON.stringify({ email, password }), json);
	const call = (method, path, body) =>
		body instanceof FormData
			? send(method, path, body, { Authorization: `Bearer ${token}` })
			: send(method, path, body && JSON.stringify(body), { ...json, Authorization: `Bearer ${token}` });

	return Object.assign(call, { token });
};
