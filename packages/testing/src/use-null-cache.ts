import { type CacheConfig, ConfigurationError, configureCache } from 'recollect';

/** A hook of a test runner that takes something to do. */
export type Hook = (body: () => void) => unknown;

export interface UseNullCacheOptions {
  /** Default: the global `beforeAll`. For `node:test`, its `before`. */
  readonly beforeAll?: Hook;
  /** Default: the global `afterAll`. For `node:test`, its `after`. */
  readonly afterAll?: Hook;
  /** What the process-wide cache is configured by after the suite. Default: the embedded default. */
  readonly restore?: CacheConfig;
}

/**
 * For the tests of the suite in which it is called, every call of a method decorated by `cached` reaches the method:
 *
 * ```ts
 * describe('orders', () => {
 *   useNullCache();
 *   test('…', …);
 * });
 * ```
 *
 * @throws ConfigurationError where a hook is neither given nor global.
 */
export function useNullCache(options: UseNullCacheOptions = {}): void {
  const { restore = {} } = options;
  const beforeAll = hook('beforeAll', options.beforeAll);
  const afterAll = hook('afterAll', options.afterAll);
  beforeAll(() => void configureCache({ local: { kind: 'NullCache' } }));
  afterAll(() => void configureCache(restore));
}

function hook(name: 'beforeAll' | 'afterAll', given: Hook | undefined): Hook {
  const found = given ?? (globalThis as { readonly [hook in typeof name]?: Hook })[name];
  if (found !== undefined) return found;
  throw new ConfigurationError(
    `${name} is missing, and there is no global of that name; pass that of your runner`,
  );
}
