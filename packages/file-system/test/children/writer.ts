/** Overwrites a few keys with large values until it is told to stop, then says how often. The disk may be full. */
import { block } from './block.js';
import { hear, openCache, task, tell } from './child-cache.js';

const { options, keys, size, id } = task<{ keys: readonly string[]; size: number; id: number }>();
const cache = openCache(options);
let stopped = false;
const stop = hear().then(() => {
  stopped = true;
});
let written = 0;
let refused = 0;
const write = async (key: string) => {
  try {
    await cache.write([{ key, data: block(size, id, written), ttlMs: 3_600_000 }]);
    written += 1;
  } catch (error) {
    if (((error as Error).cause as { code?: string }).code !== 'ENOSPC') throw error;
    refused += 1;
  }
};
for (const key of keys) await write(key);
await tell('started');
while (!stopped) await write(keys[((written + refused) * 7 + id) % keys.length] as string);
await stop;
await cache.close();
await tell(written);
process.disconnect();
