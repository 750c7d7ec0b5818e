import type { Site } from '../engine/site.js';
import { ConfigurationError } from '../model/errors.js';
import type { CacheConfig } from './config.js';
import { type Bound, Runtime } from './runtime.js';

/** What a site hands in to be rebound whenever the runtime changes. */
export interface Rebindable {
  readonly site: Site;
  /** Called when the runtime it was bound to is no longer the current one. */
  unbind(): void;
}

/** Holds the current runtime for a set of decorators, and the names of the sites they made. */
export class RuntimeHost {
  readonly #sites = new Set<WeakRef<Rebindable>>();
  readonly #names = new Map<string, WeakRef<Rebindable>>();
  #runtime: Runtime | undefined;

  /** The current runtime; the embedded default when nothing was configured. */
  get current(): Runtime {
    this.#runtime ??= this.#build({});
    return this.#runtime;
  }

  /** Puts a new runtime in place, unbinds every site, and ends the old one behind. */
  configure(config: CacheConfig): Runtime {
    // Built first: a config that is refused leaves everything as it was.
    const next = this.#build(config);
    const previous = this.#runtime;
    this.#runtime = next;
    this.#each((site) => site.unbind());
    if (previous !== undefined) void previous.close(1_000);
    return next;
  }

  /** Sends every site on to its method, if this runtime, which was closed, is the current one. */
  ended(runtime: Runtime): void {
    // Sites bound to a later one must stay bound to it: they would forget which entries it has found wrong.
    if (this.#runtime === runtime) this.#each((site) => site.unbind());
  }

  bind(rebindable: Rebindable, name: string): Bound {
    return this.current.bind(rebindable.site, name);
  }

  track(rebindable: Rebindable): void {
    this.#sites.add(new WeakRef(rebindable));
  }

  /** @throws ConfigurationError when a living site has the name already. */
  claim(name: string, rebindable: Rebindable): void {
    const owner = this.#names.get(name)?.deref();
    if (owner !== undefined && owner !== rebindable) {
      throw new ConfigurationError(
        `name is '${name}', which another cached method has already; accepted: a name of its own, by the option name`,
      );
    }
    this.#names.set(name, new WeakRef(rebindable));
  }

  #build(config: CacheConfig): Runtime {
    return new Runtime(config, () => this.#each(({ site }) => site.conceal()));
  }

  #each(visit: (site: Rebindable) => void): void {
    for (const reference of this.#sites) {
      const site = reference.deref();
      if (site === undefined) this.#sites.delete(reference);
      else visit(site);
    }
  }
}
