import type { Method } from '../engine/site.js';
import { ConfigurationError } from '../model/errors.js';
import { shown } from '../model/shown.js';
import { isThenable } from '../model/thenable.js';
import type { RuntimeHost } from '../runtime/host.js';
import { cachedAlong } from './blueprints.js';
import { decorate } from './dialect.js';
import { mimic } from './mimic.js';
import type { AnyMethod, AtLeast, Only, Refused } from './types.js';

type MethodName<T> = { [Name in keyof T]: T[Name] extends AnyMethod ? Name : never }[keyof T];
type ParametersOf<T> = T extends (...args: infer Args) => unknown ? Readonly<Args> : never;

/** The name of a method of `T`, and how to get the arguments of that very method from those of the call. */
type Target<T, Args extends readonly unknown[]> = {
  [Name in MethodName<T>]: [target: Name, args?: ((...call: Args) => ParametersOf<T[Name]>) | 'all'];
}[MethodName<T>];

/**
 * With the class given, TypeScript infers no further type argument: what the callback takes is then checked by nobody,
 * unless it is given as well.
 */
type AnyArguments = any[];

/** Why a callback that takes `Args` does not fit the method, or `never`. It may take fewer arguments. */
type Refusal<Member extends AnyMethod, Args extends readonly unknown[]> =
  Parameters<Member> extends AtLeast<Args> ? never : 'args takes other arguments than the method';

/** `@invalidates` on any method, in either dialect. It returns nothing to the compiler: the method keeps its type. */
export interface InvalidatesDecorator<Args extends readonly unknown[]> {
  <Member extends AnyMethod>(
    method: Member & Only<Refusal<Member, Args>>,
    context: ClassMethodDecoratorContext,
  ): Refused<Refusal<Member, Args>>;
  (method: AnyMethod, context: ClassMethodDecoratorContext): void;
  <Member extends AnyMethod>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<Member> & Only<Refusal<Member, Args>>,
  ): Refused<Refusal<Member, Args>>;
  <Member extends AnyMethod>(
    target: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<Member>,
  ): void;
}

/** The type of `invalidates`. */
export interface Invalidates {
  /**
   * After the decorated method has succeeded, declares entries of `target`, a cached method of the same instance, wrong:
   * the one that `args` names from the arguments of the call (by default: the same arguments), or `'all'` of them. The
   * promise of an asynchronous method resolves when that is done; it does not fail when a backend does. When the method
   * fails, nothing is invalidated.
   */
  <Args extends readonly unknown[] = readonly unknown[]>(
    target: string | symbol,
    args?: ((...call: Args) => readonly unknown[]) | 'all',
  ): InvalidatesDecorator<Args>;
  /**
   * The same with `target` and what `args` returns checked against the class: `@invalidates<UserService>('profile', …)`.
   * What `args` takes is checked against the decorated method where its parameters are given, too.
   */
  <T extends object, Args extends readonly unknown[] = AnyArguments>(
    ...target: Target<T, Args>
  ): InvalidatesDecorator<Args>;
}

/** Makes the `invalidates` of a host. */
export function invalidatesFor(host: () => RuntimeHost): Invalidates {
  const invalidates = (target: PropertyKey, args: Method | 'all' = (...same: unknown[]) => same) => {
    if (typeof target !== 'string' && typeof target !== 'symbol') {
      throw new ConfigurationError(
        `@invalidates: target is ${shown(target)}; accepted: the name of a cached method of the same class`,
      );
    }
    if (args !== 'all' && typeof args !== 'function') {
      throw new ConfigurationError(
        `@invalidates('${String(target)}'): args is ${shown(args)}; accepted: a function of the call's arguments, or 'all'`,
      );
    }
    return (...decorated: readonly unknown[]): unknown =>
      decorate('invalidates', decorated, ({ method, key }) => {
        const wrapper = function (this: unknown, ...call: unknown[]): unknown {
          const result = method.apply(this, call);
          const after = (): Promise<unknown> => invalidate(this, target, args, call, String(key));
          if (isThenable(result)) return finish(result, after);
          // Local entries are gone when this returns; the shared tier follows behind.
          const { background, monitor } = host().current.equipment;
          background.run(after(), (error) => monitor.failure({ operation: 'delete', error }));
          return result;
        };
        mimic(wrapper, method);
        return wrapper;
      });
  };
  return invalidates as unknown as Invalidates;
}

async function finish(result: PromiseLike<unknown>, after: () => Promise<unknown>): Promise<unknown> {
  const value = await result;
  await after();
  return value;
}

function invalidate(
  self: unknown,
  target: PropertyKey,
  args: Method | 'all',
  call: unknown[],
  key: string,
): Promise<unknown> {
  const blueprints = cachedAlong(Object(self) as object, target);
  if (blueprints.length === 0) {
    throw new ConfigurationError(
      `@invalidates on ${key}: target is '${String(target)}', which is not cached; accepted: a member decorated with @cached`,
    );
  }
  const named = args === 'all' ? undefined : (args.apply(self, call) as unknown[]);
  // The first must answer, or say why not; one it overrides may never have been called.
  const concerned = blueprints.filter((blueprint, at) => at === 0 || blueprint.isNamed(self));
  return Promise.all(
    concerned.map((blueprint) => {
      const operations = blueprint.operations(self);
      return named === undefined ? operations.invalidateAll() : operations.invalidate(self, named);
    }),
  );
}
