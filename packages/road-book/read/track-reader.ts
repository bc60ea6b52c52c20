import type { Findings } from '../problem.js';
import type { Position } from '../road-book.js';
import { elementsOf, textOf, type XmlElement } from '../xml/element.js';
import { isGpx } from './namespaces.js';
import { placeOf } from './read-box.js';
import { decimalOf } from './values.js';

/** Collects the points of tracks while the file is parsed: 50,000 of them need not stand in a tree first. */
export class TrackReader {
	readonly points: Position[] = [];
	private readonly findings: Findings;
	/** Points when the last segment that has any ended. */
	private ended = 0;

	constructor(findings: Findings) {
		this.findings = findings;
	}

	/** For `parseXml`: takes points and segments. */
	take(element: XmlElement): boolean {
		if (!isGpx(element.ns)) return false;

		if (element.name === 'trkpt') {
			if (this.ended > 0 && this.ended === this.points.length) {
				this.findings.warnOnce('TRACKS_JOINED', 'Several tracks or segments were joined to one line.', element.line);
			}

			this.add(element);
			return true;
		}

		if (element.name !== 'trkseg') return false;
		if (this.points.length === this.ended) {
			this.findings.warnOnce('EMPTY_TRACK', 'A segment of the track has no points.', element.line);
		}

		this.ended = this.points.length;
		return true;
	}

	/** Adds a point of a track or route. */
	add(element: XmlElement): void {
		const { lat, lon } = placeOf(element, null, this.findings);
		let ele: number | null = null;

		for (const child of elementsOf(element)) {
			if (child.name === 'ele' && isGpx(child.ns)) ele = this.elevation(child);
			else if (element.name === 'trkpt') {
				const message = `Track points are read without <${child.name}> and whatever else they have.`;
				this.findings.warnOnce('TRACK_DETAILS_LEFT_OUT', message, child.line);
			}
		}

		this.points.push(ele === null ? [lon, lat] : [lon, lat, ele]);
	}

	private elevation(element: XmlElement): number | null {
		const ele = decimalOf(textOf(element));
		if (ele === null)
			this.findings.warnOnce('INVALID_VALUE', 'Heights of the track are no numbers.', element.line, 'ele');
		return ele;
	}
}
