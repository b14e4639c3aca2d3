import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const port = Number(process.env.ANJU_PORT ?? 8600)

export default defineConfig({
  base: '/office/',
  plugins: [vue()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { port: port + 20, proxy: { '/api': `http://127.0.0.1:${port}` } },
  build: {
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        advancedChunks: {
          groups: [
            { name: 'vue', test: /node_modules\/(@vue|vue|vue-router|pinia|@tanstack)\// },
            {
              name: 'element-plus',
              test: /node_modules\/(element-plus|@element-plus|@floating-ui|dayjs|async-validator)/,
            },
          ],
        },
      },
    },
  },
})
