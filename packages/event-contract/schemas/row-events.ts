import { z } from 'zod';

type Row = z.ZodObject<z.ZodRawShape, z.core.$loose>;

type Changes<R extends Row> = {
	[Column in keyof R['shape']]: z.ZodOptional<
		z.ZodObject<{ old: R['shape'][Column]; new: R['shape'][Column] }, z.core.$loose>
	>;
};

/** Column → its value before and after; only the columns that changed. */
function changesOf<R extends Row>(row: R): z.ZodObject<Changes<R>, z.core.$loose> {
	const columns = Object.entries(row.shape).map(([column, value]) => [
		column,
		z.looseObject({ old: value, new: value }).optional(),
	]);

	return z.looseObject(Object.fromEntries(columns) as Changes<R>);
}

export const created = <R extends Row>(row: R) =>
	z.looseObject({ row }).describe('A row was created: `row` as it was inserted');

export const updated = <R extends Row>(row: R) =>
	z
		.looseObject({
			row,
			changed: changesOf(row).describe('The columns that changed; never date_updated and user_updated alone'),
		})
		.describe('A row was changed: `row` as it is after the change');

export const deleted = <R extends Row>(row: R) =>
	z.looseObject({ row }).describe('A row was deleted, by itself or with its parent: `row` as it was before');
