/** What browsers still call zones that IANA has renamed: a Postgres without the old names would refuse them. */
const RENAMED: Readonly<Record<string, string>> = {
	'Africa/Asmera': 'Africa/Asmara',
	'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
	'America/Catamarca': 'America/Argentina/Catamarca',
	'America/Coral_Harbour': 'America/Atikokan',
	'America/Cordoba': 'America/Argentina/Cordoba',
	'America/Godthab': 'America/Nuuk',
	'America/Indianapolis': 'America/Indiana/Indianapolis',
	'America/Jujuy': 'America/Argentina/Jujuy',
	'America/Louisville': 'America/Kentucky/Louisville',
	'America/Mendoza': 'America/Argentina/Mendoza',
	'Asia/Calcutta': 'Asia/Kolkata',
	'Asia/Katmandu': 'Asia/Kathmandu',
	'Asia/Rangoon': 'Asia/Yangon',
	'Asia/Saigon': 'Asia/Ho_Chi_Minh',
	'Atlantic/Faeroe': 'Atlantic/Faroe',
	'Europe/Kiev': 'Europe/Kyiv',
	'Pacific/Enderbury': 'Pacific/Kanton',
	'Pacific/Ponape': 'Pacific/Pohnpei',
	'Pacific/Truk': 'Pacific/Chuuk',
};

/** All time zones by IANA name, with the former name beside it where there is one: both are found by typing. */
export function timeZoneChoices(known = Intl.supportedValuesOf('timeZone')): { text: string; value: string }[] {
	const choices = [...new Set(['UTC', ...known])].map((name) => {
		const value = RENAMED[name] ?? name;
		const former = value === name ? '' : ` (${name.slice(name.lastIndexOf('/') + 1)})`;
		return { text: `${value}${former}`.replaceAll('_', ' '), value };
	});

	return choices.sort((a, b) => Number(b.value === 'UTC') - Number(a.value === 'UTC') || (a.value < b.value ? -1 : 1));
}
