import type { Accountability } from '@directus/types';
import { invalidPayload } from '../../lib/errors.js';
import type { Row } from './payload.js';

const MOST_CHARACTERS = 5_000;
/** Of a comment with a mention. */
const MOST_TO_MAIL = 1_000;
const MOST_MENTIONS = 10;
/** As Directus looks for it, in a text of any case. */
const MENTION = /@[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi;
/** Of a comment with a mention, which goes into an e-mail as Markdown: brackets, stars and the like, over which its parser goes again and again. */
const MOST_MARKS = 100;

/**
 * Directus looks each mention up, writes a notification and sends an e-mail for it, and takes one in other capitals for another.
 * @throws 400 for a comment that would keep the server busy, or somebody's mailbox.
 */
export function checkComment(caller: Accountability | null, { comment }: Row): void {
	if (caller === null || caller.admin === true || typeof comment !== 'string') return;

	const mentions = comment.match(MENTION)?.length ?? 0;
	const most = mentions === 0 ? MOST_CHARACTERS : MOST_TO_MAIL;
	const marks = mentions === 0 ? 0 : (comment.replaceAll(MENTION, '').match(/[^\s\p{L}\p{N}.,;:?'"@]/gu)?.length ?? 0);
	const problem =
		comment.length > most
			? `takes at most ${most} characters${mentions === 0 ? '' : ' where it mentions somebody'}`
			: mentions > MOST_MENTIONS
				? `may mention at most ${MOST_MENTIONS} users`
				: marks > MOST_MARKS
					? `may have at most ${MOST_MARKS} special characters where it mentions somebody`
					: undefined;

	if (problem !== undefined) throw invalidPayload([{ path: 'comment', message: problem }]);
}
