/** Parts of a form as a browser sends it, so that tests can break it off. */
export const BOUNDARY = 'boundary-of-the-test';
export const END = `--${BOUNDARY}--\r\n`;

export const part = (name: string, type: string, content: string) =>
	`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"; filename="${name}.txt"\r\nContent-Type: ${type}\r\n\r\n${content}`;

export const file = (content: string, type = 'text/plain', name = 'file') => `${part(name, type, content)}\r\n`;
