import type { BackendContext } from './backend-context.js';
import type { LocalBackend } from './local-backend.js';
import type { SharedBackend } from './shared-backend.js';

/**
 * Local backends by the name a config calls them, with their options. Add to it by declaration merging:
 * `declare module 'recollect' { interface LocalBackendKinds { MyCache: MyOptions } }`.
 */
export interface LocalBackendKinds {}

/** Shared backends by the name a config calls them, with their options. Open to declaration merging. */
export interface SharedBackendKinds {}

export type LocalBackendClass<Options = never> = new (options: Options, context: BackendContext) => LocalBackend;
export type SharedBackendClass<Options = never> = new (options: Options, context: BackendContext) => SharedBackend;

/** A package of backends: `configureCache({ use: [redis()] })` makes its kinds known by name. */
export interface BackendPlugin {
  readonly name: string;
  readonly local?: Readonly<Record<string, LocalBackendClass>>;
  readonly shared?: Readonly<Record<string, SharedBackendClass>>;
}
