/** Overwrites a few keys with large values until it is told to stop, then says how often. */
import { block } from './block.js';
import { hear, openCache, task, tell } from './child-cache.js';

const { options, keys, size, id } = task<{ keys: readonly string[]; size: number; id: number }>();
const cache = openCache(options);
let stopped = false;
const stop = hear().then(() => {
  stopped = true;
});
let written = 0;
const write = (key: string) => cache.write([{ key, data: block(size, id, written), ttlMs: 3_600_000 }]);
for (const key of keys) await write(key);
await tell('started');
while (!stopped) {
  await write(keys[(written * 7 + id) % keys.length] as string);
  written += 1;
}
await stop;
await cache.close();
await tell(written);
process.disconnect();
