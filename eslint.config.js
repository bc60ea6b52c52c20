import prettier from 'eslint-config-prettier';
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';
import vueParser from 'vue-eslint-parser';

export default tseslint.config(
	{ ignores: ['**/node_modules/', '**/dist/', '.local/', 'uploads/'] },
	...tseslint.configs.strict,
	...vue.configs['flat/recommended'],
	{
		files: ['**/*.vue'],
		languageOptions: { parser: vueParser, parserOptions: { parser: tseslint.parser } },
	},
	{
		rules: {
			// Directus's own components are registered globally under one- and two-word names.
			'vue/multi-word-component-names': 'off',
			'@typescript-eslint/consistent-type-imports': 'error',
			eqeqeq: ['error', 'always', { null: 'ignore' }],
			'no-console': 'error',
		},
	},
	{ files: ['tests/**', 'bench/**'], rules: { 'no-console': 'off' } },
	prettier,
);
