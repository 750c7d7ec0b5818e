/** Writes many new keys. */
import { openCache, task, tell } from './child-cache.js';

const { options, count, size, id } = task<{ count: number; size: number; id: string }>();
const cache = openCache(options);
const data = Buffer.alloc(size, id);
for (let at = 0; at < count; at += 10) {
  const records = Array.from({ length: 10 }, (_, index) => ({
    key: `${id}:${at + index}`,
    data,
    ttlMs: 3_600_000,
  }));
  await cache.write(records);
}
await cache.close();
await tell('done');
process.disconnect();
