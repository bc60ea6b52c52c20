import type { Knex } from 'knex';

/**
 * Before a command changes what the boot brings about: until a boot is completed, the next one runs all steps again. A boot that fails and has
 * changed nothing leaves the fingerprint as it was.
 */
export async function invalidateBootFingerprint(database: Knex): Promise<void> {
	const { rows } = await database.raw<{ rows: { known: boolean }[] }>(
		`SELECT to_regclass('trm.state') IS NOT NULL AS known`,
	);
	if (rows[0]?.known !== true) return;

	await database.raw(
		`UPDATE trm.state SET value = value || '{"completed": false}', updated_at = now() WHERE key = 'boot.fingerprint'`,
	);
}
