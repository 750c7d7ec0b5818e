import { redisFromDebian } from './redis-from-debian.js';
import { redisFromUrl } from './redis-from-url.js';
import { redisInDocker } from './redis-in-docker.js';
import { redisOnPath } from './redis-on-path.js';
import { REDIS_SOURCES, type RedisFinder, type RedisSource, type RunningRedis } from './redis-source.js';

/** A Redis for tests, and where it came from. */
export interface FoundRedis extends RunningRedis {
  readonly source: RedisSource;
}

const FINDERS: Readonly<Record<RedisSource, RedisFinder>> = {
  TEST_REDIS_URL: redisFromUrl,
  path: redisOnPath,
  docker: redisInDocker,
  debian: redisFromDebian,
};

const WAYS = `Any one of these will do:
  1. TEST_REDIS_URL=redis://host:port names a server that runs (tests keep to keys under a random prefix)
  2. redis-server or valkey-server is on the PATH
  3. a Docker engine runs
  4. Debian or a relative of it, with a package mirror in reach (no root is needed)
TEST_REDIS_FROM=url|path|docker|debian allows only one of them.`;

/**
 * A real Redis, from the first of four sources that has one: the server `TEST_REDIS_URL` names, a binary on the PATH, a
 * container, a private copy of Debian's package. Takes about 20 ms from the second time on; the first unpacking takes
 * some seconds. Says on stderr which it took. A server it starts keeps nothing, listens on the loopback only and ends
 * with this process.
 *
 * @throws Error that lists what was tried, why each failed, and the four ways to get one. An explicit `TEST_REDIS_URL`
 *   that does not answer is an error as well: nothing else is tried then.
 */
export async function findRedis(): Promise<FoundRedis> {
  const failures: string[] = [];
  for (const source of sources()) {
    const since = performance.now();
    try {
      const { url, stop } = await FINDERS[source]();
      process.stderr.write(
        `Redis for tests: ${redacted(url)} by ${source}, ${Math.round(performance.now() - since)} ms\n`,
      );
      return { url, source, stop };
    } catch (error) {
      failures.push(`  ${source}: ${(error as Error).message}`);
    }
  }
  throw new Error(`There is no Redis for the tests. Tried:\n${failures.join('\n')}\n${WAYS}`);
}

function sources(): readonly RedisSource[] {
  const { TEST_REDIS_FROM: forced, TEST_REDIS_URL: url } = process.env;
  if (forced === undefined || forced === '') return url ? ['TEST_REDIS_URL'] : REDIS_SOURCES;
  const source = forced === 'url' ? 'TEST_REDIS_URL' : REDIS_SOURCES.find((each) => each === forced);
  if (source === undefined)
    throw new Error(`TEST_REDIS_FROM is '${forced}'; it accepts url, path, docker, debian`);
  return [source];
}

function redacted(url: string): string {
  const shown = new URL(url);
  if (shown.password !== '') shown.password = '***';
  return shown.href;
}
