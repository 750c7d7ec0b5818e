import { ConfigurationError } from '../model/errors.js';
import type { BackendContext } from '../ports/backend-context.js';
import type { LocalBackend, LocalEntry } from '../ports/local-backend.js';
import { BoundedStore, type Bounds } from './bounded-store.js';

export interface SimpleCacheNoSerializerOptions extends Bounds {
  /** Bytes to charge for a value. Needed with `maxBytes`: a reference has no size of its own. */
  readonly sizeOf?: (value: unknown) => number;
}

/**
 * The local tier in memory, by reference: every caller gets the very value the method returned, whatever it is. The
 * fastest way to hold, and the only one for values that cannot be copied; whoever changes the value changes it for all.
 *
 * @throws ConfigurationError for a bound that is not a positive whole number, or `maxBytes` without `sizeOf`.
 */
export class SimpleCacheNoSerializer implements LocalBackend {
  readonly kind: string = 'SimpleCacheNoSerializer';
  readonly isolation = 'reference' as const;
  readonly touch?: (entry: LocalEntry) => void;
  readonly sizeOf?: (value: unknown) => number;
  readonly #store: BoundedStore;

  constructor(options: SimpleCacheNoSerializerOptions, context: BackendContext) {
    if (options.maxBytes !== undefined && options.sizeOf === undefined) {
      throw new ConfigurationError(
        `SimpleCacheNoSerializer: maxBytes is ${options.maxBytes} without sizeOf; it accepts maxBytes only together with sizeOf: (value) => bytes`,
      );
    }
    this.#store = new BoundedStore('SimpleCacheNoSerializer', options, context.clock, ['sizeOf']);
    if (options.sizeOf !== undefined) this.sizeOf = options.sizeOf;
    if (this.get === SimpleCacheNoSerializer.prototype.get) this.touch = (entry) => this.#store.touch(entry);
  }

  get size(): number {
    return this.#store.size;
  }

  get bytes(): number {
    return this.#store.bytes;
  }

  get(key: string): LocalEntry | undefined {
    return this.#store.get(key);
  }

  set(entry: LocalEntry): void {
    this.#store.set(entry);
  }

  delete(key: string): boolean {
    return this.#store.delete(key);
  }

  clear(): void {
    this.#store.clear();
  }

  keys(): IterableIterator<string> {
    return this.#store.keys();
  }
}
