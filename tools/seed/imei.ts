/** Luhn's checksum, which the last digit of an IMEI completes (3GPP TS 23.003, annex B). */
export function isImei(text: string): boolean {
	if (!/^\d{15}$/.test(text)) return false;

	const sum = [...text].reverse().reduce((total, digit, place) => {
		const weighted = Number(digit) * (place % 2 === 1 ? 2 : 1);
		return total + (weighted > 9 ? weighted - 9 : weighted);
	}, 0);

	return sum % 10 === 0;
}
