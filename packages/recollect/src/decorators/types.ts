import type { CachedOptions } from '../model/options.js';
import type { InvalidationOutcome } from '../model/outcome.js';
import type { SiteStats } from '../observe/site-stats.js';

/** Any method, whatever it takes. */
export type AnyMethod<Result = unknown> = (...args: never) => Result;

/** Results that are used up by whoever reads them first, and therefore cannot be cached. */
type OneShot =
  | { next(...args: never): unknown; [Symbol.iterator](): unknown }
  | { [Symbol.asyncIterator](): unknown }
  | { pipe(...args: never): unknown }
  | { getReader(...args: never): unknown };

/*
 * A refusal is an overload that comes first, applies only where a reason certainly holds, and returns the reason, which the
 * compiler prints because a decorator must not return it. A condition in the overload that accepts would not do: where a
 * type depends on a type parameter of the class it stays undecided, and undecided is refused.
 */

/** What a decorator returns to say why it does not fit. */
export interface Refused<Reason extends string> {
  readonly refused: Reason;
}

/** Everything where there is a reason; `never` where there is none, or where that is undecided: hence the `infer`. */
export type Only<Reason> = Reason extends infer _Certain extends string ? unknown : never;

/** Parameters that begin with `Args`: a callback may take fewer. Any, where `never[]` says that nothing is known. */
export type AtLeast<Args extends readonly unknown[]> = number extends Args['length']
  ? Args extends readonly never[]
    ? readonly unknown[]
    : Args
  : readonly [...Args, ...unknown[]];

/** `any` and `never` may be anything, so nothing is certain of them. */
type ResultRefusal<Result> = 0 extends 1 & Result
  ? never
  : [Result] extends [never]
    ? never
    : Result extends OneShot
      ? 'the result is used up by whoever reads it first'
      : never;

/** Why a member cannot be cached with callbacks that take `Args`, or `never`. */
type Refusal<Member extends AnyMethod, Args extends readonly unknown[]> =
  Parameters<Member> extends AtLeast<Args>
    ? ResultRefusal<Awaited<ReturnType<Member>>>
    : 'a callback of the options takes other arguments than the method';

type NotAllowed =
  'the method does not return what the options need; without localOnly: true that is a promise';

type MemberContext = ClassMethodDecoratorContext | ClassGetterDecoratorContext;

/** What a standard decorator is told about a method, with the method's own type. */
type MethodContext<This, Member> = ClassMethodDecoratorContext<This> & {
  readonly access: { get(object: This): Member };
};

/** Options of a method that stays in this process; the only ones for a method that does not return a promise. */
export type LocalOptions<
  Args extends readonly unknown[] = readonly unknown[],
  Result = unknown,
  Self = unknown,
> = CachedOptions<Args, Result, Self> & { readonly localOnly: true };

/**
 * `@cached` on a method or getter that returns `Allowed`, in either dialect of decorators. It returns nothing to the
 * compiler: the member keeps its type, with its overloads and type parameters.
 */
export interface CachedDecorator<Args extends readonly unknown[], Allowed, Self> {
  <Member extends AnyMethod>(
    member: Member & Only<Refusal<Member, Args>>,
    context: MemberContext,
  ): Refused<Refusal<Member, Args>>;
  <This extends Self, Member extends (this: This, ...args: never) => Allowed>(
    method: Member,
    context: MethodContext<This, Member>,
  ): void;
  <This extends Self, Value extends Allowed>(
    getter: (this: This) => Value,
    context: ClassGetterDecoratorContext<This, Value>,
  ): void;
  (member: AnyMethod, context: MemberContext): Refused<NotAllowed>;
  <Member extends AnyMethod>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<Member> & Only<Refusal<Member, Args>>,
  ): Refused<Refusal<Member, Args>>;
  <This extends Self, Member extends AnyMethod<Allowed>>(
    target: This,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<Member>,
  ): void;
  // Before getters, or the method would be taken for the value of one.
  <Member extends AnyMethod>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<Member>,
  ): Refused<NotAllowed>;
  <This extends Self, Value extends Allowed>(
    target: This,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<Value>,
  ): void;
}

/** `@cached` on a method that returns a promise. */
export type AsyncDecorator<Args extends readonly unknown[], Result, Self> = CachedDecorator<
  Args,
  Promise<Result>,
  Self
>;

/** `@cached` on any method or getter. */
export type AnyDecorator<Args extends readonly unknown[], Result, Self> = CachedDecorator<
  Args,
  Result | Promise<Result>,
  Self
>;

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
  /**
   * For `atomicWrites: 'at_most_once'`: tells the result of a run of which nobody knows what became, and ends whatever claim
   * there is on the entry. Rejects with SerializationError, BackendError, or ConfigurationError for any other method.
   */
  resolve(args: Args, value: Awaited<Result> | Result): Promise<void>;
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
