import { RedisCache, type RedisCacheOptions } from '@recollect/redis';
import { startProxy } from '@recollect/testing/proxy';
import { createClient } from '@redis/client';
import { bytes } from './operations.js';
import { testContext } from './test-context.js';

const DEADLINE_MS = 100;
/** Of deadlines, what a busy machine may add. */
const NOISE_MS = 150;
/** The slowest that a call may be, whatever happens to the server. */
export const SLOWEST_MS = DEADLINE_MS + NOISE_MS;

/** A cache on the far side of a proxy, in real time, with one record in it. */
export async function openScene(url: string, options: RedisCacheOptions = {}) {
  const { hostname: host, port } = new URL(url);
  const proxy = await startProxy({ host, port: Number(port) });
  const context = testContext();
  const cache = new RedisCache({ url: proxy.url, ...options }, context);
  const record = { key: 'fault:k', data: bytes('there'), ttlMs: 60_000 };
  await cache.write([record]);
  /** Fails unless the record is there: a wrong answer is as bad as none. */
  const read = async () => {
    const [found] = await cache.read([record.key]);
    if (found === undefined || Buffer.from(found.data).toString() !== 'there') throw new Error('not there');
  };
  /** Reads and writes until neither fails and the cache calls itself healthy; how long that took. */
  const recovered = async (): Promise<number> => {
    const since = performance.now();
    for (;;) {
      const outcomes = await Promise.allSettled([read(), cache.write([record])]);
      const isFine = outcomes.every(({ status }) => status === 'fulfilled') && !cache.health().degraded;
      if (isFine) return performance.now() - since;
      if (performance.now() - since > 8_000) throw new Error(`still ${JSON.stringify(cache.health())}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const close = async () => {
    await cache.close();
    await proxy.close();
  };
  return { proxy, cache, context, record, read, recovered, close };
}

/** Says something to the server past the proxy. */
export async function tellServer(url: string, ...command: readonly string[]): Promise<string> {
  const client = createClient({ url }).on('error', () => undefined);
  await client.connect();
  try {
    return await client.sendCommand<string>(command);
  } finally {
    client.destroy();
  }
}

/** The number of the server's process. */
export async function processOf(url: string): Promise<number> {
  const [, pid] = /process_id:(\d+)/.exec(await tellServer(url, 'INFO', 'server')) ?? [];
  return Number(pid);
}
