import { existsSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

const faces = ['shared', 'office', 'citizen'].filter((name) => existsSync(`web/${name}/vite.config.ts`))
const junit = process.env.ANJU_JUNIT

export default defineConfig({
  test: {
    reporters: junit ? ['default', ['junit', { outputFile: junit }]] : ['default'],
    // One document for all files: to make each its own takes four times as long as all else together.
    projects: faces.map((name) => ({
      extends: `./web/${name}/vite.config.ts`,
      test: { name, root: `./web/${name}`, environment: 'happy-dom', isolate: false, include: ['src/**/*.test.ts'] },
    })),
  },
})
