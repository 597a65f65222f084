import metadata from '../package.json' with { type: 'json' }

/** Of this build. */
export const version: string = metadata.version
