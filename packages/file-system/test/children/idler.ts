/** Uses a cache, sweeper and all, and neither closes it nor exits. */
import { openCache, task } from './child-cache.js';

const { options } = task<object>();
const cache = openCache(options);
await cache.write([{ key: 'k', data: Buffer.from('v'), ttlMs: 3_600_000 }]);
await cache.add({ key: 'l', data: Buffer.from('v'), ttlMs: Number.POSITIVE_INFINITY });
process.disconnect();
