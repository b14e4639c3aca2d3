import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import { stampWorker } from './scripts/stampWorker.ts'

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/',
  plugins: [vue(), stampWorker()],
  build: { target: 'es2020', assetsInlineLimit: 2048, chunkSizeWarningLimit: 300 },
  server: { proxy: { '/api': `http://127.0.0.1:${process.env.ANJU_PORT ?? '8600'}` } },
})
