import type { CachedOptions } from '../model/options.js';
import { resolvePolicy } from '../model/policy.js';
import type { RuntimeHost } from '../runtime/host.js';
import { Blueprint } from './blueprint.js';
import { recordOwner, recordWrapper } from './blueprints.js';
import { decorate } from './dialect.js';
import type { Cached } from './types.js';

/** Makes the `cached` of a host. */
export function cachedFor(host: () => RuntimeHost): Cached {
  const cached = (options: CachedOptions = {}) => {
    const policy = resolvePolicy(options, '@cached');
    return (...args: readonly unknown[]): unknown =>
      decorate('cached', args, ({ method, key, isPrivate, owner, onInstance }) => {
        const blueprint = new Blueprint(method, policy, { key, isPrivate }, host());
        recordWrapper(blueprint);
        if (owner !== undefined) {
          blueprint.adopt(owner);
          recordOwner(owner, key, blueprint);
        }
        // As early as a standard decorator can know its class: when the first instance is made.
        onInstance((self) => {
          const found = blueprint.adoptFrom(self);
          if (found !== undefined) recordOwner(found, key, blueprint);
        });
        return blueprint.wrapper;
      });
  };
  return cached as unknown as Cached;
}
