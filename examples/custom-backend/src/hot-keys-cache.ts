import { type BackendContext, type LocalEntry, SimpleCache, type SimpleCacheOptions } from 'recollect';

export interface HotKeysCacheOptions extends SimpleCacheOptions {
  /** A key is reported from so many hits on. Default 100. */
  readonly hotFrom?: number;
}

declare module 'recollect' {
  // Lets the compiler check `{ kind: 'HotKeysCache', hotFrom: 10 }` in a config.
  interface LocalBackendKinds {
    HotKeysCache: HotKeysCacheOptions;
  }
}

/** `SimpleCache` that also knows which of its keys are asked for most. */
export class HotKeysCache extends SimpleCache {
  override readonly kind: string = 'HotKeysCache';
  readonly #hotFrom: number;
  readonly #hits = new Map<string, number>();

  constructor({ hotFrom = 100, ...options }: HotKeysCacheOptions, context: BackendContext) {
    super(options, context);
    this.#hotFrom = hotFrom;
  }

  override get(key: string): LocalEntry | undefined {
    const entry = super.get(key);
    if (entry !== undefined) this.#hits.set(key, (this.#hits.get(key) ?? 0) + 1);
    // Nobody says when an entry is evicted; counts of those that have gone must not pile up for ever.
    if (this.#hits.size > 2 * this.size + 100) this.#forgetGone();
    return entry;
  }

  override clear(): void {
    super.clear();
    this.#hits.clear();
  }

  /** Keys with their hits, the hottest first. */
  hotKeys(): [key: string, hits: number][] {
    this.#forgetGone();
    return [...this.#hits].filter(([, hits]) => hits >= this.#hotFrom).sort(([, a], [, b]) => b - a);
  }

  #forgetGone(): void {
    const held = new Set(this.keys());
    for (const key of this.#hits.keys()) if (!held.has(key)) this.#hits.delete(key);
  }
}
