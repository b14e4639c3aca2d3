import { existsSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

const faces = ['shared', 'office', 'citizen'].filter((name) => existsSync(`web/${name}/vite.config.ts`))
const junit = process.env.ANJU_JUNIT

export default defineConfig({
  test: {
    reporters: junit ? ['default', ['junit', { outputFile: junit }]] : ['default'],
    projects: faces.map((name) => ({
      extends: `./web/${name}/vite.config.ts`,
      test: { name, root: `./web/${name}`, environment: 'happy-dom', include: ['src/**/*.test.ts'] },
    })),
  },
})
