import { type RedisCacheOptions, redis } from '@recollect/redis';
import { uniquePrefix } from '@recollect/testing/redis';
import { createCache, type DegradedReason, type Failure, type SharedBackend } from 'recollect';
import { Stalls } from './stalls.js';

/** Of a deadline, what timers and a busy machine may add. */
const NOISE_MS = 50;
/** The most that the cache may add to a call, whatever happens to the server: its deadline, and noise. */
export const MOST_ADDED_MS = 100 + NOISE_MS;
const IDS = 20;

/** What became of calls of a decorated function whose load takes no time. */
export interface Calls {
  readonly calls: number;
  readonly failed: number;
  /** Answers that are not what a load returns. */
  readonly wrong: number;
  /** What the slowest took, in milliseconds, less what this process stood still meanwhile. */
  readonly slowest: number;
  readonly loads: number;
}

const expected = (id: number) => ({ id, text: `the value of ${id}` });

/** What a user has: a decorated function on a Redis, in real time, and eyes on what befalls it. */
export function openDecorated(url: string, options: RedisCacheOptions = {}, namespace = uniquePrefix('row')) {
  const failures: { readonly failure: Failure; readonly reason: DegradedReason }[] = [];
  const cache = createCache({
    namespace,
    shared: { kind: 'RedisCache', url, ...options },
    use: [redis()],
    observer: { failure: (failure, reason) => void failures.push({ failure, reason }) },
  });
  let loads = 0;
  const find = cache.cachedFunction(
    async (id: number) => {
      loads += 1;
      return expected(id);
    },
    { name: 'row.find', sharedOnly: true, minutes: 5 },
  );
  const call = async (id: number): Promise<boolean> => {
    const { text } = await find(id);
    return text === expected(id).text;
  };

  /** Calls at a steady pace, whatever becomes of those before, until it is over; waits for all of them. */
  const drive = async (over: number | Promise<unknown>, idAt = (at: number) => at % IDS): Promise<Calls> => {
    let [failed, wrong, slowest, isOver] = [0, 0, 0, false];
    const before = loads;
    const stalls = new Stalls();
    const end = typeof over === 'number' ? new Promise((resolve) => setTimeout(resolve, over)) : over;
    const stop = () => {
      isOver = true;
    };
    void end.then(stop, stop);
    const running: Promise<void>[] = [];
    while (!isOver) {
      const [since, stood] = [performance.now(), stalls.sum];
      const timed = call(idAt(running.length)).then(
        (isRight) => {
          if (!isRight) wrong += 1;
        },
        () => {
          failed += 1;
        },
      );
      running.push(
        timed.then(() => {
          const took = performance.now() - since - (stalls.sum - stood);
          slowest = Math.max(slowest, took);
        }),
      );
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await Promise.all([...running, end]).finally(() => stalls.end());
    return { calls: running.length, failed, wrong, slowest, loads: loads - before };
  };

  /** Calls until one of a value never asked for before is stored, found again, and nothing is degraded; how long that took. */
  const recovered = async (withinMs = 8_000): Promise<number> => {
    const since = performance.now();
    for (let id = 1_000_000 + Math.floor(since); ; id += 1) {
      await call(id);
      await cache.settled();
      const loaded = loads;
      await call(id);
      if (loads === loaded && !cache.health().degraded) return performance.now() - since;
      if (performance.now() - since > withinMs)
        throw new Error(`after ${withinMs} ms still ${JSON.stringify(cache.health())}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };

  /**
   * Calls until for a tenth of a second all are served by the server: not at once, since on a busy machine a call may miss
   * its deadline, and some of them open a breaker. How long it took.
   */
  const served = async (idAt?: (at: number) => number, withinMs = 8_000): Promise<number> => {
    const since = performance.now();
    for (;;) {
      const calls = await drive(100, idAt);
      if (calls.failed > 0 || calls.wrong > 0) throw new Error(JSON.stringify(calls));
      if (calls.loads === 0) return performance.now() - since;
      if (performance.now() - since > withinMs)
        throw new Error(`after ${withinMs} ms still ${JSON.stringify([calls, cache.health()])}`);
    }
  };

  /** Puts all values there that `drive` asks for. */
  const warm = async () => {
    for (let id = 0; id < IDS; id += 1) await call(id);
    await cache.settled();
  };

  return {
    cache,
    find,
    drive,
    recovered,
    served,
    warm,
    failures,
    tier: cache.sharedTier as SharedBackend,
    /** What failures said, all causes included, each once. */
    complaints: () => [...new Set(failures.map(({ failure }) => causesOf(failure.error)))].join('\n'),
    close: () => cache.close(),
  };
}

function causesOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message} < ${causesOf(error.cause)}`;
}
