import type { BackendContext } from './backend-context.js';
import type { LocalBackend } from './local-backend.js';
import type { SharedBackend } from './shared-backend.js';

/** A class of local backends; the runtime passes the options of the config, without `kind` and `defaultTtl`. */
export type LocalBackendClass<Options = never> = new (
  options: Options,
  context: BackendContext,
) => LocalBackend;
/** A class of shared backends, built in the same way. */
export type SharedBackendClass<Options = never> = new (
  options: Options,
  context: BackendContext,
) => SharedBackend;

/** A package of backends: `configureCache({ use: [redis()] })` makes its kinds known by name. */
export interface BackendPlugin {
  readonly name: string;
  readonly local?: Readonly<Record<string, LocalBackendClass>>;
  readonly shared?: Readonly<Record<string, SharedBackendClass>>;
}
