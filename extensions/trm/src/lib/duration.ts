import { z } from 'zod';

export const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** As Directus writes durations: `90s`, `15m`, `12h`, `14d`. Gives seconds. */
export const duration = z
	.string()
	.regex(/^[1-9]\d{0,5}[smhd]$/, 'must be a number with s, m, h or d, such as 14d')
	.transform((text) => Number.parseInt(text, 10) * SECONDS[text.at(-1) as keyof typeof SECONDS]);
