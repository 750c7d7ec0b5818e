import type { Blueprint } from './blueprint.js';
import type { CacheHandle } from './types.js';

/** The handle of one site for one instance. */
export function handleOf(blueprint: Blueprint, self: unknown): CacheHandle<readonly unknown[], unknown> {
  const operations = () => blueprint.operations(self);
  return {
    invalidate: (...args) => operations().invalidate(self, args),
    invalidateAll: () => operations().invalidateAll(),
    refresh: (...args) => operations().refresh(self, args),
    peek: (...args) => operations().peek(self, args),
    set: (args, value) => operations().set(self, args, value),
    resolve: (args, value) => operations().resolve(self, args, value),
    has: (...args) => operations().has(self, args),
    ttl: (...args) => operations().ttl(self, args),
    key: (...args) => operations().key(self, args),
    stats: () => operations().stats(),
  };
}
