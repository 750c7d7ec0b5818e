/** Reads keys that are being overwritten, and counts what it must never see. */
import { isTorn } from './block.js';
import { openCache, task, tell } from './child-cache.js';

const { options, keys, reads } = task<{ keys: readonly string[]; reads: number }>();
const cache = openCache(options);
let torn = 0;
let missing = 0;
let done = 0;
const readOn = async () => {
  while (done < reads) {
    const key = keys[done++ % keys.length] as string;
    const [record] = await cache.read([key]);
    if (record === undefined) missing += 1;
    else if (isTorn(record.data)) torn += 1;
  }
};
const start = performance.now();
await Promise.all(Array.from({ length: 4 }, readOn));
const ms = performance.now() - start;
await cache.close();
await tell({ torn, missing, ms });
process.disconnect();
