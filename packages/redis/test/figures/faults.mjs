/**
 * Prints what faults cost at 2,000 calls a second: node test/figures/faults.mjs [freeze|dark|flips] (built packages).
 * Starts a Redis of its own.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@redis/client';
import { createCache } from 'recollect';
import { startProxy } from '../../../testing/dist/proxy.js';
import { findRedis } from '../../../testing/dist/redis.js';
import { RedisCache, redis } from '../../dist/index.js';

const CALLS_PER_SECOND = 2_000;
const TICK_MS = 5;
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

const found = await findRedis();
const { hostname: host, port } = new URL(found.url);
const proxy = await startProxy({ host, port: Number(port) });
const [only] = process.argv.slice(2);
try {
  if (!only || only === 'freeze') await freeze();
  if (!only || only === 'dark') await dark();
  if (!only || only === 'flips') await flips(Number(process.argv[3] ?? Date.now() % 2 ** 31));
} finally {
  await proxy.close();
  await found.stop();
}

/** @param {string} fault @param {() => void} begin @param {() => void} end */
async function outage(fault, begin, end) {
  const cache = new RedisCache({ url: proxy.url }, { clock, report() {} });
  await cache.write([{ key: 'k', data: new Uint8Array(2_000), ttlMs: 600_000 }]);
  let calls = 0;
  let slow = 0;
  let slowest = 0;
  let served = 0;
  let healthyAt = 0;
  const call = async () => {
    const since = performance.now();
    calls += 1;
    const isWrite = calls % 4 === 0;
    const record = { key: 'k', data: new Uint8Array(2_000), ttlMs: 600_000 };
    await (isWrite ? cache.write([record]) : cache.read(['k'])).then(
      () => {
        served += 1;
      },
      () => undefined,
    );
    const took = performance.now() - since;
    if (took > 10) slow += 1;
    slowest = Math.max(slowest, took);
  };
  const memory = () => {
    const { heapUsed, arrayBuffers, external } = process.memoryUsage();
    return heapUsed + arrayBuffers + external;
  };
  /** @param {number} ms @param {() => boolean} [enough] */
  const drive = async (ms, enough = () => false) => {
    const start = performance.now();
    let made = 0;
    let top = 0;
    while (performance.now() - start < ms && !enough()) {
      const due = ((performance.now() - start) * CALLS_PER_SECOND) / 1_000;
      for (; made < due; made += 1) void call();
      top = Math.max(top, memory());
      await sleep(TICK_MS);
    }
    return top;
  };
  await drive(1_000);
  globalThis.gc?.();
  const before = memory();
  calls = 0;
  slow = 0;
  slowest = 0;
  served = 0;
  begin();
  const top = await drive(5_000);
  end();
  const during = { calls, slow, slowest: Math.round(slowest), served };
  const since = performance.now();
  await drive(10_000, () => {
    if (!cache.health().degraded) healthyAt = performance.now();
    return healthyAt > 0;
  });
  console.log(fault, {
    ...during,
    grownMB: Number(((top - before) / 1e6).toFixed(1)),
    healthyAfterMs: Math.round(healthyAt - since),
  });
  await cache.close();
}

async function freeze() {
  const client = createClient({ url: found.url }).on('error', () => undefined);
  await client.connect();
  const pid = Number(/process_id:(\d+)/.exec(await client.info('server'))?.[1]);
  client.destroy();
  if (found.source !== 'path' && found.source !== 'debian')
    throw new Error('its process is not ours to stop');
  await outage(
    'SIGSTOP 5 s',
    () => process.kill(pid, 'SIGSTOP'),
    () => process.kill(pid, 'SIGCONT'),
  );
}

async function dark() {
  for (const way of /** @type {const} */ (['up', 'down', 'both'])) {
    await outage(
      `black hole ${way} 5 s`,
      () => proxy.blackhole(way),
      () => proxy.heal(),
    );
  }
}

/** @param {number} seed */
async function flips(seed) {
  let state = seed >>> 0;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  let undecoded = 0;
  const cache = createCache({
    namespace: 'flips',
    shared: { kind: 'RedisCacheNoExceptions', url: proxy.url, deadlineMs: 20, breaker: false },
    use: [redis()],
    observer: {
      failure: ({ operation }) => {
        if (operation === 'decode') undecoded += 1;
      },
    },
  });
  const original = (/** @type {number} */ id) => ({ id, text: `value ${id} `.repeat(20) });
  const fn = cache.cachedFunction(async (/** @type {number} */ id) => original(id), {
    name: 'fn',
    sharedOnly: true,
    hours: 1,
  });
  for (let id = 0; id < 40; id += 1) await fn(id);
  await cache.settled();
  const tier = /** @type {RedisCache} */ (cache.sharedTier);
  const [record] = await tier.read([/** @type {string} */ (fn.key(0))]);
  const length = (record?.data.byteLength ?? 0) + 20;
  let wrong = 0;
  let slowest = 0;
  for (let reply = 0; reply < 10_000; reply += 1) {
    while (tier.health().reasons.includes('no connection')) await sleep(1);
    proxy.heal();
    proxy.flip(Math.floor(random() * length));
    const since = performance.now();
    const value = await fn(reply % 40);
    slowest = Math.max(slowest, performance.now() - since);
    if (JSON.stringify(value) !== JSON.stringify(original(reply % 40))) wrong += 1;
  }
  const { loads, sharedHits } = cache.stats().sites.fn ?? {};
  console.log('10,000 flipped bytes', {
    seed,
    sharedHits,
    loads,
    undecoded,
    wrong,
    slowest: Math.round(slowest),
    connections: proxy.accepted,
  });
  await cache.close();
}
