import type { CachedOptions } from '../model/options.js';
import type { InvalidationOutcome } from '../model/outcome.js';
import type { SiteStats } from '../observe/site-stats.js';

/** Results that are used up by whoever reads them first, and therefore cannot be cached. */
type OneShot =
  | { next(...args: never): unknown; [Symbol.iterator](): unknown }
  | { [Symbol.asyncIterator](): unknown }
  | { pipe(...args: never): unknown }
  | { getReader(...args: never): unknown };

/** `Result` unless it, or what it promises, is one-shot. */
type Cacheable<Result> = Awaited<Result> extends OneShot ? never : Result;

/** The type of a getter: the legacy dialect cannot tell one from a method by anything else. */
type Gotten<Value> = Value extends (...args: never) => unknown ? never : Cacheable<Value>;

/** Options of a method that stays in this process; the only ones for a method that does not return a promise. */
export type LocalOptions<
  Args extends readonly unknown[] = readonly unknown[],
  Result = unknown,
  Self = unknown,
> = CachedOptions<Args, Result, Self> & { readonly localOnly: true };

/** `@cached` on a method that returns a promise, in either dialect of decorators. */
export interface AsyncDecorator<Args extends readonly unknown[], Result, Self> {
  <This extends Self, A extends Args, R extends Promise<Result>>(
    method: (this: This, ...args: A) => R & Cacheable<R>,
    context: ClassMethodDecoratorContext<This, (this: This, ...args: A) => R>,
  ): (this: This, ...args: A) => R;
  <This extends Self, R extends Promise<Result>>(
    getter: (this: This) => R & Cacheable<R>,
    context: ClassGetterDecoratorContext<This, R>,
  ): (this: This) => R;
  <A extends Args, R extends Promise<Result>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<(...args: A) => R & Cacheable<R>>,
  ): void;
  <R extends Promise<Result>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<R & Cacheable<R>>,
  ): void;
}

/** `@cached` on any method or getter, in either dialect of decorators. */
export interface AnyDecorator<Args extends readonly unknown[], Result, Self> {
  <This extends Self, A extends Args, R extends Result | Promise<Result>>(
    method: (this: This, ...args: A) => R & Cacheable<R>,
    context: ClassMethodDecoratorContext<This, (this: This, ...args: A) => R>,
  ): (this: This, ...args: A) => R;
  <This extends Self, R extends Result | Promise<Result>>(
    getter: (this: This) => R & Cacheable<R>,
    context: ClassGetterDecoratorContext<This, R>,
  ): (this: This) => R;
  <A extends Args, R extends Result | Promise<Result>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<(...args: A) => R & Cacheable<R>>,
  ): void;
  <R extends Result | Promise<Result>>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<R & Gotten<R>>,
  ): void;
}

/** The type of `cached`. */
export interface Cached {
  /**
   * Memoizes a method of this process only; one that returns a plain value stays synchronous.
   * @throws ConfigurationError at decoration for options that cannot be meant.
   */
  <Args extends readonly unknown[] = readonly unknown[], Result = unknown, Self = unknown>(
    options: LocalOptions<Args, Result, Self>,
  ): AnyDecorator<Args, Result, Self>;
  /**
   * Memoizes a method that returns a promise, in the local tier and in the shared one if there is one.
   * @throws ConfigurationError at decoration for options that cannot be meant.
   */
  <Args extends readonly unknown[] = readonly unknown[], Result = unknown, Self = unknown>(
    options?: CachedOptions<Args, Result, Self>,
  ): AsyncDecorator<Args, Result, Self>;
}

/** What can be done with the entries of one cached method, with that method's parameters and result. */
export interface CacheHandle<Args extends readonly unknown[], Result> {
  /** Declares the entry wrong in every tier. What is local is gone when this returns, what is shared when it resolves. */
  invalidate(...args: Args): Promise<InvalidationOutcome>;
  /** The same for every entry of the method, whatever instance, in O(1). */
  invalidateAll(): Promise<InvalidationOutcome>;
  /** Runs the method now and stores its result; until then others are served the old entry. Returns as the method does. */
  refresh(...args: Args): Result;
  /** The value in the local tier, or `undefined`; asks nobody else, loads nothing, stays synchronous. */
  peek(...args: Args): Awaited<Result> | undefined;
  /** Stores a result as if the method had returned it. Rejects with SerializationError or BackendError. */
  set(args: Args, value: Awaited<Result> | Result): Promise<void>;
  /** Whether a call would be answered without running the method. Rejects with BackendError. */
  has(...args: Args): Promise<boolean>;
  /** Milliseconds the entry has left; `undefined` when there is none. Rejects with BackendError. */
  ttl(...args: Args): Promise<number | undefined>;
  /** The complete key of the entry; `undefined` when nothing is cached or the arguments are beyond the limits of a key. */
  key(...args: Args): string | undefined;
  stats(): SiteStats;
}

/** One handle per method or getter; asking for one that is not cached throws ConfigurationError. */
export type CacheHandles<T> = {
  readonly [Name in keyof T]: T[Name] extends (...args: infer Args) => infer Result
    ? CacheHandle<Args, Result>
    : CacheHandle<[], T[Name]>;
};
