import { defineConfigWithVueTs, vueTsConfigs } from '@vue/eslint-config-typescript'
import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'

const checked = defineConfigWithVueTs(
  { ignores: ['**/dist/**', '**/node_modules/**', 'web/shared/src/api/openapi.d.ts'] },
  vue.configs['flat/recommended'],
  vueTsConfigs.recommended,
  prettier,
  {
    rules: {
      'no-console': 'error',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/multi-word-component-names': 'off',
      'vue/no-v-html': 'error',
      'vue/require-default-prop': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
    },
  },
)

export default [
  ...checked,
  // Apart, for it needs no types: among the others it has them worked out for every file, which takes a minute.
  { files: ['**/*.ts', '**/*.vue'], rules: { '@typescript-eslint/consistent-type-imports': 'error' } },
]
