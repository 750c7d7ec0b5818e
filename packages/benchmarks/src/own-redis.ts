import { type FoundRedis, findRedis } from '@recollect/testing/redis';
import { createClient } from '@redis/client';

/** A server that may be stopped by a signal, which one that was only named may not. */
export interface OwnRedis extends FoundRedis {
  readonly pid: number;
}

/** Starts one; ends with this process at the latest. */
export async function startOwnRedis(): Promise<OwnRedis> {
  delete process.env.TEST_REDIS_URL;
  const found = await findRedis();
  if (found.source !== 'path' && found.source !== 'debian')
    throw new Error('its process is not ours to stop');
  const client = createClient({ url: found.url });
  await client.connect();
  const [, pid] = /process_id:(\d+)/.exec(await client.info('server')) ?? [];
  client.destroy();
  return { ...found, pid: Number(pid) };
}
