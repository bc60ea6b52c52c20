/** The admin app provides vue-router at run time (one of Directus's shared dependencies); this is what is used of it. */
declare module 'vue-router' {
	export function useRoute(): { query: Record<string, unknown>; params: Record<string, string> };
	export function useRouter(): { replace(to: { query: Record<string, string> }): Promise<unknown> };
}
