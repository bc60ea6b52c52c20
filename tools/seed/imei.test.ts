import { describe, expect, it } from 'vitest';
import { isImei } from './imei.js';

describe('isImei', () => {
	// The example of 3GPP TS 23.003, annex B, and a well-known one.
	it.each(['260531793113837', '490154203237518', '004409990000019'])('accepts %s', (imei) => {
		expect(isImei(imei)).toBe(true);
	});

	it.each(['490154203237519', '49015420323751', '4901542032375180', '49015420323751X', ''])('refuses %j', (imei) => {
		expect(isImei(imei)).toBe(false);
	});
});
