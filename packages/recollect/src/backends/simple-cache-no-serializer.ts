import { ConfigurationError } from '../model/errors.js';
import type { BackendContext } from '../ports/backend-context.js';
import type { BoundedOptions, Bounds } from './bounded-options.js';
import { BoundedStore } from './bounded-store.js';

export interface SimpleCacheNoSerializerOptions extends BoundedOptions {
  /** Bytes to charge for a value. Needed with `maxBytes`: a reference has no size of its own. */
  readonly sizeOf?: (value: unknown) => number;
}

/**
 * The local tier in memory, by reference: every caller gets the very value the method returned, whatever it is. The
 * fastest way to hold, and the only one for values that cannot be copied; whoever changes the value changes it for all.
 *
 * @throws ConfigurationError for a bound that is not a positive whole number, or `maxBytes` without `sizeOf`.
 */
export class SimpleCacheNoSerializer extends BoundedStore {
  readonly kind: string = 'SimpleCacheNoSerializer';
  readonly isolation = 'reference' as const;
  readonly sizeOf?: (value: unknown) => number;

  constructor(options: SimpleCacheNoSerializerOptions, context: BackendContext) {
    requireSizes(options, options.sizeOf);
    super('SimpleCacheNoSerializer', options, context, ['sizeOf']);
    if (options.sizeOf !== undefined) this.sizeOf = options.sizeOf;
  }

  override resize(bounds: Bounds): void {
    requireSizes(bounds, this.sizeOf);
    super.resize(bounds);
  }
}

function requireSizes({ maxBytes }: Bounds, sizeOf: unknown): void {
  if (maxBytes === undefined || sizeOf !== undefined) return;
  throw new ConfigurationError(
    `SimpleCacheNoSerializer: maxBytes is ${maxBytes} without sizeOf; it accepts maxBytes only together with sizeOf: (value) => bytes`,
  );
}
