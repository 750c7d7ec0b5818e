/** Tries every operation once and says how each went. */
import { openCache, task, tell } from './child-cache.js';

const { options, key, size } = task<{ key: string; size: number }>();
const data = Buffer.alloc(size, 'n');
let cache: ReturnType<typeof openCache>;

async function outcome(run: () => Promise<unknown>): Promise<string> {
  try {
    const result = await run();
    return `resolved: ${JSON.stringify(result)}`;
  } catch (error) {
    const { name, cause } = error as { name: string; cause?: { code?: string } };
    return `${name}: ${cause?.code}`;
  }
}

const read = async () => {
  const [record] = await cache.read([key]);
  return record === undefined ? 'nothing' : Buffer.from(record.data.subarray(0, 8)).toString();
};
const said = {
  open: await outcome(async () => {
    // That it cannot sweep is no news here.
    cache = openCache(options, {}, () => {});
  }),
  write: await outcome(() => cache.write([{ key, data, ttlMs: 3_600_000 }])),
  add: await outcome(() =>
    cache.add({ key: 'another', data, ttlMs: 3_600_000 }).then((added) => added.length),
  ),
  read: await outcome(read),
  expired: await outcome(() => cache.read(['expired'])),
  delete: await outcome(() => cache.delete([key])),
};
await tell(said);
process.disconnect();
