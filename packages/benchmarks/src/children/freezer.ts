import { setTimeout as sleep } from 'node:timers/promises';
import { answerBy } from '../child.js';
import type { Contender, OpenContender } from '../contenders/contender.js';
import { type Customer, customerOf } from '../customer.js';
import { SteadyLoad } from '../steady-load.js';

const LOAD_MS = 10;
/** What a call may take: as long as a load, the deadline, and what a machine adds. */
export const ALLOWED_MS = LOAD_MS + 100 + 20;
/** Of records that another instance has stored, to be asked for after the end of the stall. */
const PROBES = 4_000;
/** So many of them in a row must come from Redis, and soon. */
const GOOD_PROBES = 20;
const SOON_MS = 50;

const CONTENDERS: Readonly<Record<string, () => Promise<OpenContender>>> = {
  recollect: async () => (await import('../contenders/recollect.js')).openRecollect,
  bentocache: async () => (await import('../contenders/bentocache.js')).openBentocache(),
  'bentocache, commandTimeout': async () => (await import('../contenders/bentocache.js')).openBentocache(100),
  cacheable: async () => (await import('../contenders/cacheable.js')).openCacheable(false),
  'cacheable, nonBlocking': async () => (await import('../contenders/cacheable.js')).openCacheable(true),
  'layered-loader': async () => (await import('../contenders/layered-loader.js')).openLayeredLoader(),
  'layered-loader, commandTimeout': async () =>
    (await import('../contenders/layered-loader.js')).openLayeredLoader(100),
};

export const CONTENDER_NAMES = Object.keys(CONTENDERS);

export type FreezerQuestion = { readonly drive: number } | { readonly recover: number };

/** Calls one contender at a steady pace, mostly for what is in no tier, and says how it bears a server that is silent. */
export async function freezer(name: string, url: string): Promise<void> {
  const open = await (CONTENDERS[name] as () => Promise<OpenContender>)();
  let probeLoads = 0;
  const load = async (id: number): Promise<Customer> => {
    if (id < 0) probeLoads += 1;
    await sleep(LOAD_MS);
    return customerOf(id);
  };
  const subject = await open(url, load);
  const other = await open(url, load);
  for (let from = 0; from < PROBES; from += 100)
    await Promise.all(Array.from({ length: 100 }, (_, at) => other.get(-1 - from - at)));
  // What it still has to store, it may store.
  await sleep(500);
  await other.close();
  const traffic = new SteadyLoad((id) => subject.get(id), ALLOWED_MS);
  answerBy(async (question: FreezerQuestion) => {
    if ('recover' in question) return recovered(traffic, subject, () => probeLoads, question.recover);
    globalThis.gc?.();
    return traffic.drive(question.drive);
  });
}

/** Goes on calling until records come from Redis again: after how many milliseconds, or `undefined` after the most. */
async function recovered(
  traffic: SteadyLoad,
  subject: Contender,
  probeLoads: () => number,
  mostMs: number,
): Promise<number | undefined> {
  const since = performance.now();
  let isOver = false;
  const driving = traffic.drive(mostMs, () => isOver);
  let good = 0;
  let goodSince = since;
  for (
    let probe = 1;
    probe <= PROBES && performance.now() - since < mostMs && good < GOOD_PROBES;
    probe += 1
  ) {
    const [start, loads] = [performance.now(), probeLoads()];
    const value = await Promise.race([subject.get(-probe).catch(() => undefined), sleep(SOON_MS)]);
    const isGood = value !== undefined && probeLoads() === loads;
    if (isGood && good === 0) goodSince = start;
    good = isGood ? good + 1 : 0;
    await sleep(1);
  }
  isOver = true;
  await driving;
  return good < GOOD_PROBES ? undefined : goodSince - since;
}
