import type { LocalBackend, LocalEntry, Removal } from 'recollect';

/** The shortest local backend that keeps the contract: a Map in order of use. The measure for those that break it. */
export class PlainLocalBackend implements LocalBackend {
  readonly kind: string = 'PlainLocalBackend';
  readonly isolation = 'reference' as const;
  protected readonly entries = new Map<string, LocalEntry>();
  readonly touch = (entry: LocalEntry) => {
    if (this.entries.get(entry.key) === entry) this.use(entry);
  };

  constructor(
    readonly bounds: { readonly threshold?: number; readonly maxBytes?: number },
    readonly clock: { now(): number },
  ) {}

  get size(): number {
    return this.entries.size;
  }

  get bytes(): number {
    return [...this.entries.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get(key: string): LocalEntry | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.freshUntil <= this.clock.now()) {
      this.remove(entry, 'expired');
      return undefined;
    }
    this.use(entry);
    return entry;
  }

  set(entry: LocalEntry): void {
    const { threshold = 500, maxBytes = Number.POSITIVE_INFINITY } = this.bounds;
    const replaced = this.entries.get(entry.key);
    if (replaced !== undefined) this.remove(replaced, 'replaced');
    if (entry.bytes <= maxBytes) this.entries.set(entry.key, entry);
    else entry.retire('evicted');
    while (this.size > threshold || this.bytes > maxBytes) this.remove(this.victim(), 'evicted');
  }

  delete(key: string): boolean {
    const entry = this.entries.get(key);
    if (entry !== undefined) this.remove(entry, 'deleted');
    return entry !== undefined;
  }

  clear(): void {
    for (const key of [...this.entries.keys()]) this.delete(key);
  }

  keys(): IterableIterator<string> {
    return this.entries.keys();
  }

  protected use(entry: LocalEntry): void {
    this.entries.delete(entry.key);
    this.entries.set(entry.key, entry);
  }

  protected victim(): LocalEntry {
    const [oldest, ...rest] = this.entries.values();
    const mortal = [oldest, ...rest].find((entry) => entry?.freshUntil !== Number.POSITIVE_INFINITY);
    return (mortal ?? oldest) as LocalEntry;
  }

  protected remove(entry: LocalEntry, cause: Removal): void {
    this.entries.delete(entry.key);
    entry.retire(cause);
  }
}
