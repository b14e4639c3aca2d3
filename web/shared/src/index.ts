export * from './api/client'
export * from './api/errors'
export * as format from './format'
