import { type FoundRedis, findRedis } from './find-redis.js';
import { ERROR_VARIABLE, URL_VARIABLE } from './test-redis-url.js';

let running: FoundRedis | undefined;

/**
 * Finds a Redis for every process of the run. Where there is none it only says so: the tests that need one fail with the
 * reason, the others run.
 */
export async function openSharedRedis(): Promise<void> {
  if (running !== undefined) return;
  try {
    running = await findRedis();
    process.env[URL_VARIABLE] = running.url;
  } catch (error) {
    const reason = (error as Error).message;
    process.env[ERROR_VARIABLE] = reason;
    process.stderr.write(`${reason}\n`);
  }
}

export async function closeSharedRedis(): Promise<void> {
  const ending = running;
  running = undefined;
  delete process.env[URL_VARIABLE];
  delete process.env[ERROR_VARIABLE];
  await ending?.stop();
}
