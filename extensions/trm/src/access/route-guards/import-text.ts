/** A file to import that is no UTF-8; its message says what to do. */
export class NotUtf8 extends Error {
	constructor() {
		super('the file is not encoded as UTF-8: save it as UTF-8 (in a spreadsheet "CSV UTF-8") and import it again');
	}
}

/**
 * The file of an import, checked to be UTF-8: Directus would store other letters as question marks.
 * @throws NotUtf8
 */
export async function* importText(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
	const decoder = new TextDecoder('utf-8', { fatal: true });

	for await (const chunk of chunks) {
		check(decoder, chunk);
		yield chunk;
	}

	check(decoder);
}

function check(decoder: TextDecoder, chunk?: Buffer): void {
	try {
		decoder.decode(chunk, { stream: chunk !== undefined });
	} catch {
		throw new NotUtf8();
	}
}
