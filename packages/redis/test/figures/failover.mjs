/**
 * Prints what the loss of a master costs, at 250 reads a second of each: node test/figures/failover.mjs
 * [cluster|sentinel] [rounds] [deadlineMs] (built packages). Starts servers of its own. `decidedMs` is when the others had
 * given its place to another, `firstGoodMs` how long after that a read was answered, and `followedMs` when all were: a busy
 * machine makes the latter longer.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { startCluster, startSentinels } from '../../../testing/dist/redis.js';
import { RedisCache } from '../../dist/index.js';
import { keySlot } from '../../dist/route/key-slot.js';

const [only, rounds = '3', deadlineMs = '100'] = process.argv.slice(2);
const PACE_MS = 4;
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
const context = { clock, report() {} };

for (let round = 0; round < Number(rounds); round += 1) {
  for (const fate of /** @type {const} */ (['frozen', 'killed'])) {
    if (only !== 'sentinel') await cluster(fate);
    if (only !== 'cluster') await sentinel(fate);
  }
  if (only !== 'cluster') await sentinel('told to step down');
}

/** @param {'frozen' | 'killed'} fate */
async function cluster(fate) {
  const own = await startCluster();
  const masters = own.nodes.filter(({ role }) => role === 'master');
  const keys = masters.map((node) => keyAt(node));
  const cache = new RedisCache({ cluster: { nodes: own.urls }, deadlineMs: Number(deadlineMs) }, context);
  const write = () => cache.write(keys.map((key) => ({ key, data: new Uint8Array(100), ttlMs: 600_000 })));
  while (!(await write().catch(() => false))) await sleep(10);
  const [victim] = /** @type {[typeof masters[number]]} */ (masters);
  await victim.command('WAIT', '1', '2000');
  const pulses = keys.map((key) => pulse(() => cache.read([key])));
  await sleep(500);
  const since = performance.now();
  if (fate === 'frozen') victim.freeze();
  else await victim.kill();
  for (;;) {
    await own.refresh();
    if ((await own.masterOf(keys[0] ?? '').catch(() => victim)) !== victim) break;
    await sleep(10);
  }
  const decidedAt = performance.now();
  await sleep(2_500);
  const [mine, ...others] = await Promise.all(pulses.map((each) => each.stop()));
  show(`cluster, ${fate}`, since, decidedAt, mine, others.flat());
  await cache.close();
  await own.stop();
}

/** @param {'frozen' | 'killed' | 'told to step down'} fate */
async function sentinel(fate) {
  const own = await startSentinels();
  const options = { sentinel: { name: own.name, nodes: own.sentinels }, deadlineMs: Number(deadlineMs) };
  const cache = new RedisCache(options, context);
  const record = { key: 'k', data: new Uint8Array(100), ttlMs: 600_000 };
  while (!(await cache.write([record]).catch(() => false))) await sleep(10);
  const master = await own.master();
  await master.command('WAIT', '1', '2000');
  const reads = pulse(() => cache.read(['k']));
  await sleep(500);
  const since = performance.now();
  if (fate === 'told to step down') await own.failover();
  else {
    if (fate === 'frozen') master.freeze();
    else await master.kill();
    await own.masterOtherThan(master);
  }
  const decidedAt = performance.now();
  await sleep(2_500);
  show(`sentinel, ${fate}`, since, decidedAt, await reads.stop(), []);
  await cache.close();
  await own.stop();
}

/** @typedef {{ at: number, error: unknown, tookMs: number }} Beat */

/** @param {() => Promise<unknown>} call */
function pulse(call) {
  /** @type {Beat[]} */
  const beats = [];
  /** @type {Promise<void>[]} */
  const running = [];
  const timer = setInterval(() => {
    const at = performance.now();
    const over = (/** @type {unknown} */ error) => {
      beats.push({ at, error, tookMs: performance.now() - at });
    };
    running.push(call().then(() => over(undefined), over));
  }, PACE_MS);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(running);
      return beats.sort((a, b) => a.at - b.at);
    },
  };
}

/**
 * @param {string} title @param {number} since @param {number} decidedAt
 * @param {readonly Beat[] | undefined} mine @param {readonly Beat[]} others
 */
function show(title, since, decidedAt, mine = [], others = []) {
  const lastBad = mine.findLast(({ error }) => error !== undefined)?.at ?? since;
  const firstBad = mine.find(({ at, error }) => at > since && error !== undefined)?.at ?? since;
  const firstGood = mine.find(({ at, error }) => at > firstBad && error === undefined)?.at ?? Number.NaN;
  const failures = others.flatMap(({ error }) => (error === undefined ? [] : [String(error)]));
  console.log(title, {
    decidedMs: Math.round(decidedAt - since),
    firstGoodMs: Math.round(firstGood - decidedAt),
    followedMs: Math.round(lastBad - decidedAt),
    failed: mine.filter(({ error }) => error !== undefined).length,
    slowestMs: Math.round(Math.max(...mine.map(({ tookMs }) => tookMs))),
    others: others.length,
    othersFailed: failures.length,
    othersSlowestMs: Math.round(Math.max(0, ...others.map(({ tookMs }) => tookMs))),
    ...(failures.length > 0 && { why: [...new Set(failures)] }),
  });
}

/** @param {{ slots: readonly (readonly [number, number])[] }} node */
function keyAt(node) {
  for (let index = 0; ; index += 1) {
    const slot = keySlot(`key-${index}`);
    if (node.slots.some(([first, last]) => slot >= first && slot <= last)) return `key-${index}`;
  }
}
