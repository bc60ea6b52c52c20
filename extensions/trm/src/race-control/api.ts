import type { useApi } from '@directus/extensions-sdk';

/** The admin app's client of the API, signed in as the user. */
export type Api = ReturnType<typeof useApi>;
