/** Adds a value of its own under many keys, and says what each add answered. */
import { hear, openCache, task, tell } from './child-cache.js';

const { options, keys, id } = task<{ keys: readonly string[]; id: string }>();
const cache = openCache(options);
// Waits for the first sweep, so that it does not help.
await cache.write([{ key: 'warm', data: Buffer.from(id), ttlMs: 3_600_000 }]);
await tell('ready');
await hear();
const answers: string[] = [];
for (const key of keys) {
  answers.push(Buffer.from(await cache.add({ key, data: Buffer.from(id), ttlMs: 3_600_000 })).toString());
}
await cache.close();
await tell(answers);
process.disconnect();
