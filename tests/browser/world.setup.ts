/** Makes the households that the other tests find in place. */
import { test } from '@playwright/test'
import { world } from './lib/world'

test('households at every stage of their way', () => {
  world()
})
