import { binaryFromDebian } from './redis-from-debian.js';
import { binaryOnPath } from './redis-on-path.js';
import type { RedisBinary } from './redis-source.js';

const WAYS = 'Either put redis-server or valkey-server on the PATH, or use Debian or a relative of it.';

/**
 * The program of a Redis, for those who start servers of their own: one on the PATH, or from a private copy of Debian's
 * package, which is unpacked when it is first needed. `TEST_REDIS_URL` is not looked at; `TEST_REDIS_FROM` is.
 *
 * @throws Error where there is none: in an environment that only has a container or a server by its address, nobody but
 *   its owner can stop, freeze or set up that server.
 */
export async function redisBinary(): Promise<RedisBinary> {
  const { TEST_REDIS_FROM: forced = '' } = process.env;
  if (forced === 'url' || forced === 'docker')
    throw new Error(`TEST_REDIS_FROM=${forced} gives no program to start servers of our own with. ${WAYS}`);
  const failures: string[] = [];
  for (const [name, find] of [['path', binaryOnPath] as const, ['debian', binaryFromDebian] as const]) {
    if (forced !== '' && forced !== name) continue;
    try {
      return await find();
    } catch (error) {
      failures.push(`${name}: ${(error as Error).message}`);
    }
  }
  throw new Error(`There is no program to start servers of our own with (${failures.join('; ')}). ${WAYS}`);
}

/** Why there is no `redisBinary()` here; `undefined` when there is one. For tests that skip themselves, with the reason. */
export function whyNoRedisBinary(): Promise<string | undefined> {
  return redisBinary().then(
    () => undefined,
    (error: Error) => error.message,
  );
}
