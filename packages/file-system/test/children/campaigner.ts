/** Loads, fills, invalidates and heals on keys that others work on at the same time, and says what it did and saw. */
import * as fs from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Disk, FileSystemCache } from '@recollect/file-system';
import type { Deed, Found } from '../campaign/verdict.js';
import { seeded } from '../seeded.js';
import { hear, openCache, task, tell } from './child-cache.js';

const { options, name, seed, keys, keyMs } = task<{
  name: string;
  seed: number;
  keys: readonly string[];
  /** How long all processes work on the same key. */
  keyMs: number;
}>();
const LIFE = 3_600_000;
const random = seeded(seed);
const oneIn = (count: number) => random(count) === 0;
const now = () => Number(process.hrtime.bigint() / 1_000n) / 1_000;

/** The windows between two calls of the system are made longer, at random. */
const disk = Object.fromEntries(
  Object.entries(fs).map(([call, run]) => [
    call,
    async (...args: unknown[]) => {
      if (oneIn(call === 'rename' ? 3 : 10)) await sleep(random(5));
      return (run as (...args: unknown[]) => unknown)(...args);
    },
  ]),
) as object as Disk;

const cache: FileSystemCache = openCache(options, { disk });
const deeds: Deed[] = [];
let count = 0;
const encode = (found: Found) => Buffer.from(JSON.stringify(found));

async function read(key: string): Promise<{ found: Found; data: Uint8Array | undefined; to: number }> {
  const from = now();
  const [record] = await cache.read([key]);
  const found: Found =
    record === undefined ? { kind: 'nothing' } : JSON.parse(Buffer.from(record.data).toString());
  deeds.push({ deed: 'read', key, from, found });
  return { found, data: record?.data, to: now() };
}

async function load(key: string): Promise<void> {
  const { found, data, to } = await read(key);
  if (found.kind === 'value' || found.kind === 'added') return;
  if (oneIn(2)) await sleep(random(6));
  const over = found.kind === 'tombstone' ? found.id : found.kind;
  const value = encode({ kind: 'value', missed: to, over });
  const stored = await cache.fill({ key, data: value, ttlMs: LIFE }, data);
  // Over the seed is over nothing where another has deleted it.
  if (stored)
    deeds.push({ deed: 'replaced', key, over: found.kind === 'tombstone' ? found.id : 'the start' });
}

async function invalidate(key: string): Promise<void> {
  const id = `${name}:${count++}`;
  const from = now();
  const tombstone = { data: encode({ kind: 'tombstone', id }), ttlMs: LIFE };
  if (oneIn(2)) await cache.write([{ key, ...tombstone }]);
  else await cache.delete([key], tombstone);
  deeds.push({ deed: 'invalidated', key, id, from, to: now() });
}

async function heal(key: string): Promise<void> {
  if (await cache.deleteIfEqual(key, encode({ kind: 'seed' })))
    deeds.push({ deed: 'replaced', key, over: 'the seed' });
}

async function add(key: string): Promise<void> {
  const own = encode({ kind: 'added', id: `${name}:${count++}` });
  if (own.equals(await cache.add({ key, data: own, ttlMs: LIFE })))
    deeds.push({ deed: 'replaced', key, over: 'the start' });
}

async function act(key: string): Promise<void> {
  const choice = random(20);
  if (choice < 12) await load(key);
  else if (choice < 15) await invalidate(key);
  else if (choice < 17) await heal(key);
  else if (choice < 18) await add(key);
  else await read(key);
}

async function work(start: number): Promise<void> {
  for (let current = 0; current < keys.length; current = Math.floor((now() - start) / keyMs)) {
    // Those of before as well: what was done to them late must show.
    const at = oneIn(4) ? Math.max(0, current - random(20)) : current;
    await act(keys[at] as string);
    if (deeds.length > 500) await tell(deeds.splice(0));
  }
}

await cache.read(['warm']);
await tell('ready');
const start = await hear<number>();
await Promise.all([work(start), work(start), work(start)]);
await cache.close();
await tell(deeds);
await tell('done');
process.disconnect();
