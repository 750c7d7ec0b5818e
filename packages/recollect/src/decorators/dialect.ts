import type { Method } from '../engine/site.js';
import { ConfigurationError } from '../model/errors.js';
import { shown } from '../model/shown.js';

/** A member to be decorated, told the same way in both dialects. */
export interface Decoration {
  readonly method: Method;
  readonly key: string | symbol;
  readonly isPrivate: boolean;
  /** The declaring prototype or class, where the dialect tells it. */
  readonly owner: object | undefined;
  /** Runs with each new instance, or the class of a static member, where the dialect can. */
  onInstance(run: (self: unknown) => void): void;
}

type Standard = ClassMethodDecoratorContext | ClassGetterDecoratorContext;

/**
 * One decorator for both dialects: the standard one passes `(method, context)` and takes the replacement as the result,
 * the legacy one passes `(target, key, descriptor)` and takes it in the descriptor.
 */
export function decorate(
  name: string,
  args: readonly unknown[],
  wrap: (decoration: Decoration) => Method,
): unknown {
  const [target, keyOrContext, descriptor] = args;
  if (typeof keyOrContext === 'object' && keyOrContext !== null && 'kind' in keyOrContext) {
    return wrap(fromContext(name, target, keyOrContext as Standard));
  }
  return wrapDescriptor(name, target, keyOrContext as string | symbol | undefined, descriptor, wrap);
}

function fromContext(name: string, target: unknown, context: Standard): Decoration {
  if ((context.kind as string) !== 'method' && (context.kind as string) !== 'getter') {
    throw refused(name, String(context.name), context.kind);
  }
  return {
    method: checked(name, context.name, target),
    key: context.name,
    isPrivate: context.private,
    owner: undefined,
    onInstance: (run) =>
      context.addInitializer(function (this: unknown) {
        run(this);
      }),
  };
}

function wrapDescriptor(
  name: string,
  target: unknown,
  key: string | symbol | undefined,
  descriptor: unknown,
  wrap: (decoration: Decoration) => Method,
): undefined {
  const member = descriptor as PropertyDescriptor | undefined;
  const method: unknown = member?.value ?? member?.get;
  if (key === undefined) throw refused(name, shown(target), 'class');
  if (member === undefined) throw refused(name, String(key), 'field');
  if (typeof method !== 'function') throw refused(name, String(key), 'setter or field');
  const wrapper = wrap({
    method: checked(name, key, method),
    key,
    isPrivate: false,
    owner: target as object,
    onInstance: () => {},
  });
  if (member.value === undefined) member.get = wrapper;
  else member.value = wrapper;
  return undefined;
}

function checked(name: string, key: string | symbol, method: unknown): Method {
  const kind = Object.prototype.toString.call(method);
  if (kind === '[object GeneratorFunction]' || kind === '[object AsyncGeneratorFunction]') {
    throw refused(name, String(key), 'generator');
  }
  return method as Method;
}

function refused(name: string, key: string, kind: string): ConfigurationError {
  return new ConfigurationError(
    `@${name} on ${key}: it is a ${kind}; accepted: methods, static methods and getters`,
  );
}
