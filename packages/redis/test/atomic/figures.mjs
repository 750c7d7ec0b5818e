/**
 * Prints what operations on leases cost: node test/atomic/figures.mjs [watch|lua] (built packages). Starts a Redis of its own.
 * In brackets the processor time that each takes here, which tells more than the rate on a machine that is busy.
 */
import { findRedis } from '../../../testing/dist/redis.js';
import { RedisCache } from '../../dist/index.js';

const RUN_MS = 3_000;
const WAYS = 64;
const clock = {
  now: () => performance.now(),
  get coarse() {
    return performance.now();
  },
  /** @param {number} ms @param {() => void} task */
  after(ms, task) {
    const timer = setTimeout(task, ms).unref();
    return () => clearTimeout(timer);
  },
};
const data = new Uint8Array(200);
const [only] = process.argv.slice(2);
const found = await findRedis();
try {
  for (const mechanism of /** @type {const} */ (['watch', 'lua'])) {
    if (only && only !== mechanism) continue;
    for (const isolatedConnections of mechanism === 'lua' ? [1] : [1, 2, 4, 8, 16, 32]) {
      await measure(`${mechanism} ${isolatedConnections}`, { mechanism, isolatedConnections });
    }
  }
} finally {
  await found.stop();
}

/** @param {string} name @param {import('../../dist/index.js').RedisCacheOptions} options */
async function measure(name, options) {
  const cache = new RedisCache(
    { url: found.url, deadlineMs: 5_000, ...options },
    { clock, report: console.error },
  );
  const { atomic } = cache;
  let token = 0;
  /** @param {string} key */
  const request = (key) => ({
    key,
    mode: /** @type {const} */ ('at_least_once'),
    token: String(++token).padStart(32, '0'),
    epoch: 'e',
    leaseMs: 60_000,
    retentionMs: 60_000,
    ignore: undefined,
    supersede: undefined,
    numbered: false,
  });
  const both = await rate(async (way) => {
    const outcome = await atomic.claim(request(`k:${way}:${token}`));
    if (outcome.kind === 'granted')
      await atomic.commit(outcome.lease, { key: outcome.lease.key, data, ttlMs: 1_000 });
  });
  /** @type {import('recollect').Lease[]} */
  const leases = [];
  const claims = await rate(async (way) => {
    const outcome = await atomic.claim(request(`c:${way}:${token}`));
    if (outcome.kind === 'granted') leases.push(outcome.lease);
  });
  const committing = [...leases];
  const commits = await rate(async () => {
    const lease = committing.pop();
    if (lease === undefined) throw new Error('too few leases');
    await atomic.commit(lease, { key: lease.key, data, ttlMs: 1_000 });
  }, leases.length);
  console.log(`${name}: claim ${claims}, commit ${commits}, both ${both}`);
  await cache.close();
}

/**
 * Of 64 at once, how many a second.
 *
 * @param {(way: number) => Promise<void>} once
 * @param {number} [most]
 */
async function rate(once, most = Number.POSITIVE_INFINITY) {
  await once(0);
  let done = 1;
  let begun = 1;
  const since = performance.now();
  const before = process.cpuUsage();
  await Promise.all(
    Array.from({ length: WAYS }, async (_, way) => {
      while (performance.now() - since < RUN_MS && begun < most) {
        begun += 1;
        await once(way);
        done += 1;
      }
    }),
  );
  const seconds = (performance.now() - since) / 1_000;
  const { user, system } = process.cpuUsage(before);
  return `${Math.round((done - 1) / seconds)}/s (${((user + system) / done).toFixed(1)} µs)`;
}
