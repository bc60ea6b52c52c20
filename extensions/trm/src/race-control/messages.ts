import type { MissingTracker } from './rights.js';

/**
 * Every text of the module, in one place: to translate, give this object per language and choose by the user's.
 * Functions take what varies, so that a language can order it as it needs.
 */
const number = new Intl.NumberFormat('en');
const count = (n: number, one: string, many: string) => `${number.format(n)} ${n === 1 ? one : many}`;
const fixes = (n: number) => count(n, 'fix', 'fixes');

const SEE_TRACKERS = 'owners, race directors, timekeepers and operators';
const FLAG = 'owners, race directors and operators';

export const messages = {
	title: 'Race Control',
	events: 'Events',
	event: 'Event',
	entry: 'Entry',
	device: 'Tracker',
	window: 'Window',
	from: 'From',
	to: 'To',
	customWindow: 'Chosen times',
	lastHour: 'Last hour',
	wholeEvent: 'Whole event',
	beforeEvent: 'Before the event (lost clock)',
	afterEvent: 'After the event (lost clock)',
	load: 'Load',
	cancel: 'Cancel',
	close: 'Close',
	choose: 'Choose…',
	search: 'Search…',
	searchIn: (label: string) => `${label}: search`,
	nothingFound: 'Nothing found.',
	findDevice: 'Any tracker, by IMEI…',
	searchImei: 'Part of the IMEI',
	noSuchDevice: 'No tracker that you may see has this in its IMEI.',
	timesIn: (zone: string) => `All times in ${zone}`,
	timeLabel: (end: string, format: string) => `${end}, ${format}`,
	badTime: (end: string, typed: string, format: string) =>
		`${end}: ${typed.trim() === '' ? 'a time is missing' : `“${typed.trim()}” is no time`}. Write ${format}, for example 2026-06-07 08:30:00.`,
	badWindow: 'From has to be before To.',
	noEvents: 'There are no events yet. Create one in the content module, or look up a tracker by its IMEI.',
	eventsForbidden: 'You may not see events. Look up a tracker by its IMEI, or ask an administrator for the permission.',
	entriesForbidden: 'You may not see the entries of this event. Look up a tracker by its IMEI.',
	noTracker: {
		none: 'This entry has no tracker assigned.',
		hidden: `You may not see which tracker this entry carries: that is for ${SEE_TRACKERS} of its organisation.`,
		foreign: 'The tracker of this entry belongs to an organisation whose trackers you may not see.',
	} satisfies Record<MissingTracker, string>,
	loading: (n: number) => (n === 0 ? 'Loading fixes…' : `${fixes(n)} loaded…`),
	startTitle: 'Which fixes?',
	start:
		'Choose an entry or a tracker and a window of time. Fixes that look wrong are marked on the map and in the table.',
	emptyTitle: 'No fixes in this window',
	empty: 'The tracker sent nothing between these times. Choose another day, or the whole event.',
	truncated: (n: number) =>
		`Only the first ${fixes(n)} of this window are shown: choose a narrower one to see the rest.`,
	cancelled: (n: number) => `Loading was cancelled after ${fixes(n)}; what is shown is not the whole window.`,
	lostClock: 'Fixes with a lost clock:',
	showBefore: 'years before the event',
	showAfter: 'after the event',
	all: 'All',
	suspects: 'Suspects',
	faulty: 'Faulty',
	filterCount: (name: string, n: number) => `${name} ${number.format(n)}`,
	previousSuspect: 'Previous suspect (Shift + N)',
	nextSuspect: 'Next suspect (N)',
	selectAll: 'Select all fixes listed',
	selectFix: (time: string) => `Select the fix of ${time}`,
	table: 'Fixes of the track',
	time: 'Time',
	latitude: 'Latitude',
	longitude: 'Longitude',
	speed: 'km/h',
	satellites: 'Sat.',
	state: 'State',
	stateFaulty: 'Faulty',
	noneListed: (filter: 'all' | 'suspect' | 'faulty') =>
		filter === 'suspect' ? 'Nothing here looks wrong.' : 'No fix here is flagged faulty.',
	kinds: {
		zero_coordinates: 'No position',
		jump: 'Jump',
		frozen: 'Frozen',
		longitude_sign: 'Sign flipped',
		future: 'In the future',
		years_back: 'Years back',
		few_satellites: 'Few satellites',
	},
	map: 'Map of the track',
	fitTrack: 'Show the whole track',
	offMap: (distance: string) => `Current fix ${distance} off this map.`,
	goThere: 'Go there',
	mapFailed: 'The map could not be drawn: this browser has no WebGL. The table shows the same fixes.',
	legend: { normal: 'Fix', suspect: 'Suspect', faulty: 'Faulty', selected: 'Selected', current: 'Current' },
	selected: (n: number) => `${fixes(n)} selected`,
	clearSelection: 'Clear selection (Esc)',
	flag: 'Flag faulty',
	unflag: 'Unflag',
	flagTitle: (n: number) => `Flag ${fixes(n)} faulty?`,
	unflagTitle: (n: number) => `Unflag ${fixes(n)}?`,
	between: (from: string, to: string) => `From ${from} to ${to}.`,
	at: (time: string) => `At ${time}.`,
	flagMeaning: 'Whatever is computed from these fixes is computed again without them.',
	unflagMeaning: 'Whatever was computed without these fixes is computed again with them.',
	asRange: 'Send as a range of time',
	asRangeHint: 'Takes fixes that arrived after this list was loaded, too.',
	sentAsRanges: (n: number) =>
		`So many fixes are sent as ${count(n, 'range', 'ranges')} of time: fixes that arrived after this list was loaded are taken too.`,
	tooScattered: (most: number, ranges: number) =>
		`A call takes ${fixes(most)}, or ${ranges} ranges without a gap. Select fewer, or fixes that follow one another.`,
	reason: 'Reason',
	reasonHint: 'For the history and for the teams, e.g. “Tracker lost its position in the tunnel”.',
	reasonLength: (n: number, most: number) => `${n} of ${most} characters`,
	mayNotFlag: `You may not flag fixes of this tracker: that is for ${FLAG} of its organisation.`,
	mayNotUndo: `You may not undo flags of this tracker: that is for ${FLAG} of its organisation.`,
	flagForbidden: (told: string) => `You may not flag the fixes of this tracker. The server says: ${told}`,
	done: (faulty: boolean, changed: number, matched: number, missing: number) => {
		const verb = faulty ? 'flagged faulty' : 'unflagged';
		if (changed === 0 && missing === 0) return `Nothing to change: all ${fixes(matched)} were ${verb} already.`;
		const already = matched - changed;

		return [
			`${fixes(changed)} ${verb}.`,
			already > 0 ? `${fixes(already)} ${already === 1 ? 'was' : 'were'} so already.` : '',
			missing > 0 ? `${fixes(missing)} no longer ${missing === 1 ? 'exists' : 'exist'}.` : '',
		]
			.filter(Boolean)
			.join(' ');
	},
	history: 'History of this tracker',
	historyEmpty: 'Nothing was flagged on this tracker yet.',
	historyForbidden: 'You may not see the history of flags.',
	historyMore: 'Show earlier ones',
	flagged: (n: number) => `Flagged ${fixes(n)}`,
	unflagged: (n: number) => `Unflagged ${fixes(n)}`,
	ofMatched: (n: number) => `of ${number.format(n)} in the range`,
	noReason: 'No reason given',
	someone: 'Someone',
	undo: 'Undo',
	undoTitle: (faulty: boolean, n: number) => (faulty ? `Undo: unflag ${fixes(n)}?` : `Undo: flag ${fixes(n)} faulty?`),
	undoOverlap: (changed: number, matched: number, faulty: boolean) =>
		`${fixes(matched - changed)} of this range ${matched - changed === 1 ? 'was' : 'were'} ${
			faulty ? 'flagged' : 'unflagged'
		} before: undoing changes the whole range, these too.`,
	undoReason: (faulty: boolean, reason: string | null) =>
		`Undo of ${faulty ? 'flagging' : 'unflagging'}${reason ? `: ${reason}` : ''}`,
	undoGone: 'This entry of the history holds neither keys nor ranges; it cannot be undone from here.',
	someoneElse: 'The server could not be reached. Check the connection and try again.',
	sessionEnded: 'You are no longer signed in. Sign in again in another tab of this browser, then try again here.',
	kept: 'What was loaded before is still shown.',
	details: 'Selected fix',
	noDetails: 'Select a fix in the table or on the map.',
	received: 'Received',
	altitude: 'Altitude',
	heading: 'Heading',
	reportedSpeed: 'Reported speed',
	satellitesLong: 'Satellites',
	stateNormal: 'Nothing against it',
	keysTitle: 'Keyboard',
	keys: [
		['N', 'next suspect'],
		['Shift N', 'previous suspect'],
		['↑ ↓', 'another fix'],
		['Shift ↑ ↓', 'extend the selection'],
		['Space', 'add or remove the fix'],
		['Ctrl A', 'select all that are listed'],
		['Esc', 'clear the selection'],
	] as const,
};
