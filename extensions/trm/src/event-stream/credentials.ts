/** User and password of every URL in a text, however they are spelled: up to the last "@" of the word. */
const USER_INFO = /(?<=:\/\/)\S*@/g;

/** A text that may be shown to people who must not know the passwords in it, such as an error of a connection. */
export function withoutCredentials(text: string): string {
	return text.replace(USER_INFO, '***@');
}
