/** SQL stands in files; the build puts their text into the bundle. */
declare module '*.sql?raw' {
	const text: string;
	export default text;
}
