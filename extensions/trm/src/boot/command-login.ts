import { EXIT, Stop } from '../lib/exit-status.js';
import { serverLogin, type Login } from './login.js';

const NEEDED = ['DB_HOST', 'DB_DATABASE', 'DB_USER'];

/** The database of DB_*, or of DB_CONNECTION_STRING, which scripts/trm sets beside `npm start`. @throws Stop */
export function commandLogin(env: Record<string, string | undefined>): Login {
	const text = env['DB_CONNECTION_STRING'];
	if (text) return loginOfUrl(text);

	const missing = NEEDED.filter((name) => !env[name]);
	const remedy = 'set DB_HOST, DB_DATABASE, DB_USER and DB_PASSWORD, or npm start, whose database is then taken';
	const login = serverLogin(env);

	const problems = [
		...(missing.length > 0 ? [`no database: ${missing.join(', ')} not set; remedy: ${remedy}`] : []),
		...wrongPort('DB_PORT', env['DB_PORT'] || '5432'),
	];
	if (problems.length > 0) throw new Stop(EXIT.configuration, ...problems);
	return login;
}

function loginOfUrl(text: string): Login {
	const url = URL.parse(text);

	if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) {
		const remedy = 'give postgresql://user:password@host:5432/database, or unset it and give DB_HOST and the others';
		throw new Stop(EXIT.configuration, `DB_CONNECTION_STRING is no address of a database; remedy: ${remedy}`);
	}

	const problems = wrongPort('DB_CONNECTION_STRING', url.port || '5432');
	if (problems.length > 0) throw new Stop(EXIT.configuration, ...problems);

	return {
		host: url.hostname.replace(/^\[|\]$/g, ''),
		port: Number(url.port || 5432),
		database: decodeURIComponent(url.pathname.slice(1)),
		user: decodeURIComponent(url.username),
		password: decodeURIComponent(url.password),
		variables: 'DB_CONNECTION_STRING',
	};
}

function wrongPort(variable: string, text: string): string[] {
	if (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535) return [];
	return [`${variable} has the port "${text}"; remedy: give a port number, such as 5432`];
}
