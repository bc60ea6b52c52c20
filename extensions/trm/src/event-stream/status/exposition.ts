/** A metric in Prometheus's sense; a sample without a value is left out. */
export interface Metric {
	name: string;
	type: 'gauge' | 'counter';
	help: string;
	samples: Sample[];
}

export interface Sample {
	labels?: Record<string, string>;
	value: number | null;
}

/** Prometheus text format 0.0.4, which every Prometheus reads. */
export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Writes metrics in the text format. Not prom-client, although it is in Directus's tree: it counts what happens in a process,
 * where here each scrape reads numbers that Postgres holds, and would add a fifth to the bundle for three kinds of lines.
 */
export function writeMetrics(metrics: Metric[]): string {
	const lines = metrics.flatMap(({ name, type, help, samples }) => [
		`# HELP ${name} ${escape(help)}`,
		`# TYPE ${name} ${type}`,
		...samples.flatMap(({ labels = {}, value }) => (value === null ? [] : [`${name}${writeLabels(labels)} ${value}`])),
	]);

	return `${lines.join('\n')}\n`;
}

function writeLabels(labels: Record<string, string>): string {
	const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escape(value).replaceAll('"', '\\"')}"`);
	return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

/** What would end a line, or begin an escape. */
function escape(text: string): string {
	return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
