import { ConfigurationError } from '../model/errors.js';
import { shown } from '../model/shown.js';
import type { BackendPlugin, LocalBackendClass, SharedBackendClass } from '../ports/backend-plugin.js';
import { NULL_CACHE, NullCache, NullSharedCache } from './null-cache.js';
import { SimpleCache } from './simple-cache.js';
import { SimpleCacheNoSerializer } from './simple-cache-no-serializer.js';

const BUILT_IN: BackendPlugin = {
  name: 'recollect',
  local: { SimpleCache, SimpleCacheNoSerializer, [NULL_CACHE]: NullCache },
  shared: { [NULL_CACHE]: NullSharedCache },
};

type Tier = 'local' | 'shared';
interface Classes {
  readonly local: LocalBackendClass<unknown>;
  readonly shared: SharedBackendClass<unknown>;
}

/** The backends of one runtime, by the names a config may call them. */
export class BackendRegistry {
  readonly #kinds = {
    local: new Map<string, Classes['local']>(),
    shared: new Map<string, Classes['shared']>(),
  };

  /** @throws ConfigurationError when two plugins claim one name. */
  constructor(plugins: readonly BackendPlugin[]) {
    for (const plugin of [BUILT_IN, ...plugins]) {
      this.#add(plugin, 'local');
      this.#add(plugin, 'shared');
    }
  }

  /**
   * The class behind a kind: a registered name, the class itself, or a backend that is there already.
   * @throws ConfigurationError listing the choices.
   */
  find<T extends Tier>(tier: T, kind: unknown): Classes[T] {
    const kinds: ReadonlyMap<string, Classes[T]> = this.#kinds[tier] as Map<string, Classes[T]>;
    if (typeof kind === 'function') return kind as Classes[T];
    // A backend that was built already stands for itself; whoever closes the cache closes it.
    if (typeof kind === 'object' && kind !== null && 'kind' in kind) {
      return function ready(): object {
        return kind;
      } as unknown as Classes[T];
    }
    const found = typeof kind === 'string' ? kinds.get(kind) : undefined;
    if (found !== undefined) return found;
    const hint =
      typeof kind === 'string' && kind.includes('#')
        ? '; a kind of the form module#Export must be loaded first: configureCache(await loadKinds(config, (m) => import(m)))'
        : '';
    throw new ConfigurationError(
      `${tier}.kind is ${shown(kind)}; accepted: ${[...kinds.keys()].join(', ')} ` +
        `(more through use: [plugin()]), a class, or module#Export${hint}`,
    );
  }

  #add<T extends Tier>(plugin: BackendPlugin, tier: T): void {
    const kinds = this.#kinds[tier] as Map<string, unknown>;
    for (const [name, backend] of Object.entries(plugin[tier] ?? {})) {
      const taken = kinds.get(name);
      if (taken !== undefined && taken !== backend) {
        throw new ConfigurationError(
          `use: plugin '${plugin.name}' registers ${tier} kind '${name}', which is taken`,
        );
      }
      kinds.set(name, backend);
    }
  }
}
