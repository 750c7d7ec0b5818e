import { UNREADABLE } from './entry.js';
import type { Method, Site } from './site.js';

/**
 * The function that takes the method's place: one shape per number of declared parameters, each a plain function, so that
 * a hit allocates nothing and the engine can inline it. A call with another number of arguments than declared takes the
 * long way and finds the same entry.
 *
 * `arguments` appears only as `arguments.length` and in `apply(this, arguments)`: compilers forward it there without ever
 * making the object, which a rest parameter would cost on every hit.
 */
export function wrapperFor(site: Site): Method {
  const longWay = function (this: unknown, ...args: unknown[]): unknown {
    return site.resolver.resolve(this, args);
  };
  switch (site.method.length) {
    case 0:
      return nullary(site, longWay);
    case 1:
      return unary(site, longWay);
    case 2:
      return binary(site, longWay);
    default:
      return longWay;
  }
}

function nullary(site: Site, longWay: Method): Method {
  return function (this: unknown) {
    if (arguments.length === 0 && (site.anySelf || this === site.self)) {
      const entry = site.lane?.index.none();
      if (entry !== undefined && entry.freshUntil > site.clock.coarse) {
        const answer = site.hit(entry);
        if (answer !== UNREADABLE) return answer;
      }
    }
    return longWay.apply(this, arguments as never);
  };
}

function unary(site: Site, longWay: Method): Method {
  return function (this: unknown, argument: unknown) {
    if (arguments.length === 1 && (site.anySelf || this === site.self)) {
      const entry = site.one.get(argument);
      if (entry !== undefined && entry.freshUntil > site.clock.coarse) {
        const answer = site.hit(entry);
        if (answer !== UNREADABLE) return answer;
      }
    }
    return longWay.apply(this, arguments as never);
  };
}

function binary(site: Site, longWay: Method): Method {
  return function (this: unknown, first: unknown, second: unknown) {
    if (arguments.length === 2 && (site.anySelf || this === site.self)) {
      const entry = site.lane?.index.two(first, second);
      if (entry !== undefined && entry.freshUntil > site.clock.coarse) {
        const answer = site.hit(entry);
        if (answer !== UNREADABLE) return answer;
      }
    }
    return longWay.apply(this, arguments as never);
  };
}
