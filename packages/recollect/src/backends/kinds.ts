import type { SimpleCacheOptions } from './simple-cache.js';
import type { SimpleCacheNoSerializerOptions } from './simple-cache-no-serializer.js';

/**
 * Local backends by the name a config calls them, with their options. Add to it by declaration merging:
 * `declare module 'recollect' { interface LocalBackendKinds { MyCache: MyOptions } }`.
 */
export interface LocalBackendKinds {
  SimpleCache: SimpleCacheOptions;
  SimpleCacheNoSerializer: SimpleCacheNoSerializerOptions;
  NullCache: object;
}

/** Shared backends by the name a config calls them, with their options. Open to declaration merging. */
export interface SharedBackendKinds {
  NullCache: object;
}
