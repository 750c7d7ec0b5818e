import { type BackendContext, type LocalEntry, SimpleCache, type SimpleCacheOptions } from 'recollect';
import type { Trace } from './trace.js';

export type Eviction = NonNullable<SimpleCacheOptions['eviction']>;

/** An entry that outlives the trace, and is mortal nevertheless. */
class Item implements LocalEntry {
  readonly bytes = 0;
  readonly freshUntil = Number.MAX_SAFE_INTEGER;
  newer: LocalEntry | undefined = undefined;
  older: LocalEntry | undefined = undefined;
  mark = 0;

  constructor(readonly key: string) {}

  retire(): void {}
}

const context: BackendContext = {
  clock: { coarse: 0, now: () => 0, after: () => () => {} },
  report: () => {},
};

/** Percent of the accesses that the cache itself, not a model of it, answers when each miss is stored. */
export function replay({ accesses, keys }: Trace, threshold: number, eviction: Eviction): number {
  const cache = new SimpleCache({ threshold, eviction }, context);
  const items = Array.from({ length: keys }, (_, number) => new Item(`trace:${number}`));
  let hits = 0;
  for (const number of accesses) {
    const item = items[number] as Item;
    if (cache.get(item.key) === undefined) cache.set(item);
    else hits += 1;
  }
  return (100 * hits) / accesses.length;
}
