/** Who imports whom. */
export type Graph = ReadonlyMap<string, Iterable<string>>;

/**
 * Finds circles by walking the imports depth first.
 * @returns each circle once, as the way around it: `['a', 'b', 'a']`.
 */
export function circlesOf(graph: Graph): string[][] {
	const circles: string[][] = [];
	const done = new Set<string>();

	const walk = (name: string, way: string[]) => {
		if (way.includes(name)) circles.push([...way.slice(way.indexOf(name)), name]);
		if (done.has(name)) return;
		done.add(name);
		for (const next of graph.get(name) ?? []) walk(next, [...way, name]);
	};

	for (const name of graph.keys()) walk(name, []);
	return circles;
}
