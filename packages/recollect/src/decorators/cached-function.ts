import type { Method } from '../engine/site.js';
import { ConfigurationError } from '../model/errors.js';
import type { CachedOptions } from '../model/options.js';
import { resolvePolicy } from '../model/policy.js';
import { shown } from '../model/shown.js';
import type { RuntimeHost } from '../runtime/host.js';
import { Blueprint } from './blueprint.js';
import { handleOf } from './handle.js';
import type { CacheHandle, LocalOptions } from './types.js';

/** A function that is cached, with the members of a handle on it. */
export type CachedFunction<Args extends readonly unknown[], Result> = ((...args: Args) => Result) &
  CacheHandle<Args, Result>;

type Without<Options> = Omit<Options, 'scope'>;

/** The type of `cachedFunction`. */
export interface CachedFunctionMaker {
  /** Memoizes a function within this process; one that returns a plain value stays synchronous. */
  <Args extends readonly unknown[], Result>(
    fn: (...args: Args) => Result,
    options: Without<LocalOptions<Args, Awaited<Result>>>,
  ): CachedFunction<Args, Result>;
  /** Memoizes a function that returns a promise. It needs a name, which stands in its keys. */
  <Args extends readonly unknown[], Result>(
    fn: (...args: Args) => Promise<Result>,
    options: Without<CachedOptions<Args, Result>> & { readonly name: string },
  ): CachedFunction<Args, Promise<Result>>;
}

let unnamed = 0;

/** Makes the `cachedFunction` of a host. */
export function cachedFunctionFor(host: () => RuntimeHost): CachedFunctionMaker {
  const maker = (fn: Method, options: CachedOptions): unknown => {
    if (typeof fn !== 'function')
      throw new ConfigurationError(`cachedFunction: fn is ${shown(fn)}; accepted: a function`);
    const policy = resolvePolicy({ ...options, name: nameOf(fn, options), scope: 'class' }, 'cachedFunction');
    const blueprint = new Blueprint(fn, policy, { key: fn.name, isPrivate: false }, host());
    return Object.assign(blueprint.wrapper, handleOf(blueprint, undefined));
  };
  return maker as CachedFunctionMaker;
}

function nameOf(fn: Method, options: CachedOptions): string {
  if (options.name !== undefined) return options.name;
  if (options.localOnly !== true) {
    throw new ConfigurationError(
      `cachedFunction: name is undefined; accepted: a text that names the function in keys, such as 'stock.lookup'`,
    );
  }
  unnamed += 1;
  return `function.${fn.name}~${unnamed}`;
}
