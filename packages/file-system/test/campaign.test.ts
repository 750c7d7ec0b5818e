import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, jest, test } from '@jest/globals';
import { type Deed, type Found, findWrongs } from './campaign/verdict.js';
import { freshPath, world } from './scratch.js';
import { seed, seeded } from './seeded.js';
import { type Child, startChild } from './start-child.js';

jest.setTimeout(3_600_000);

/** `pnpm --filter @recollect/file-system campaign` takes a hundred of them, each longer. */
const rounds = Number(process.env.CAMPAIGN_ROUNDS ?? 1);
const KEYS = rounds === 1 ? 90 : 250;
const KEY_MS = 20;
const LONGEST_FREEZE_MS = rounds === 1 ? 100 : 2_500;

const now = () => Number(process.hrtime.bigint() / 1_000n) / 1_000;
const encode = (found: Found) => Buffer.from(JSON.stringify(found));

test.each(Array.from({ length: rounds }, (_, round) => seed + round))(
  'four processes that fill, invalidate and heal, are frozen, and one killed: no value outlives a tombstone (seed %i)',
  async (start) => {
    const random = seeded(start);
    const directory = freshPath();
    const keys = Array.from({ length: KEYS }, (_, index) => `k${index}`);
    const children = [0, 1, 2, 3].map((id) => {
      const options = { directory, sweepIntervalMs: id === 0 ? 200 : 0 };
      return startChild('campaigner', { options, name: `${id}`, seed: random(2 ** 31), keys, keyMs: KEY_MS });
    });
    for (const child of children) expect(await child.hear()).toBe('ready');
    // Only now, or their first sweep would take what has expired.
    await lay(directory, keys, random);
    const reports = Promise.all(children.map(follow));
    for (const child of children) child.tell(now());
    await disturb(children, random, reports);
    const deeds = [...(await reports).flat(), ...(await lookAll(directory, keys))];
    const count = (deed: Deed['deed']) => deeds.filter((each) => each.deed === deed).length;
    const [read, invalidated, replaced] = [count('read'), count('invalidated'), count('replaced')];
    console.info(
      `campaign.test.ts: seed ${start}: ${read} reads, ${invalidated} tombstones, ${replaced} replaced`,
    );
    expect(findWrongs(deeds).slice(0, 5)).toEqual([]);
    expect(Math.min(invalidated, replaced)).toBeGreaterThan(KEYS / 2);
  },
);

describe('the verdict on a campaign', () => {
  const key = 'k';
  const first: Deed = { deed: 'invalidated', key, id: 'a', from: 10, to: 20 };
  const second: Deed = { deed: 'invalidated', key, id: 'b', from: 30, to: 40 };
  const value = (missed: number, over: string): Found => ({ kind: 'value', missed, over });

  test.each<{ what: string; found: Found }>([
    { what: 'nothing', found: { kind: 'nothing' } },
    { what: 'the seed', found: { kind: 'seed' } },
    { what: 'something added', found: { kind: 'added', id: 'x' } },
    { what: 'an older tombstone', found: { kind: 'tombstone', id: 'a' } },
    { what: 'a value of before', found: value(29, 'b') },
    { what: 'a value over an older tombstone', found: value(50, 'a') },
    { what: 'a value over nothing', found: value(50, 'nothing') },
  ])('is against $what after a tombstone, and not while that is being written', ({ found }) => {
    const read = (from: number): Deed => ({ deed: 'read', key, from, found });
    expect(findWrongs([first, second, read(41)])).toHaveLength(1);
    expect(findWrongs([{ ...first, to: 35 }, second, read(34)])).toEqual([]);
  });

  test('is against something that was replaced twice', () => {
    const replaced: Deed = { deed: 'replaced', key, over: 'a' };
    expect(findWrongs([replaced, { ...replaced, over: 'b' }, { ...replaced, key: 'l' }])).toEqual([]);
    expect(findWrongs([replaced, replaced])).toHaveLength(1);
  });

  test.each<Found>([
    { kind: 'tombstone', id: 'b' },
    { kind: 'tombstone', id: 'of one killed' },
    value(31, 'b'),
  ])('is not against %j', (found) => {
    expect(findWrongs([first, second, { deed: 'read', key, from: 41, found }])).toEqual([]);
  });
});

/** What a child tells until it is done, or killed. */
async function follow(child: Child): Promise<Deed[]> {
  const deeds: Deed[] = [];
  for (;;) {
    const message = await child.hear<Deed[] | 'done'>().catch(() => 'done' as const);
    if (message === 'done') return deeds;
    deeds.push(...message);
  }
}

async function lay(
  directory: string,
  keys: readonly string[],
  random: (end: number) => number,
): Promise<void> {
  const place = world(directory);
  const cache = place.open({}, { now: Date.now });
  const past = place.open({}, { now: () => Date.now() - 10_000 });
  for (const key of keys) {
    const record = { key, data: encode({ kind: 'seed' }), ttlMs: 5_000 };
    const choice = random(3);
    if (choice === 0) await cache.write([{ ...record, ttlMs: 3_600_000 }]);
    if (choice === 1) await past.write([record]);
  }
}

/** Stops one after the other for a while, and kills one. */
async function disturb(
  children: readonly Child[],
  random: (end: number) => number,
  reports: Promise<unknown>,
): Promise<void> {
  let isOver = false;
  void reports.finally(() => {
    isOver = true;
  });
  const doomed = children[random(children.length)];
  for (let turn = 0; !isOver; turn += 1) {
    const child = children[random(children.length)] as Child;
    signal(child, 'SIGSTOP');
    await sleep(random(turn % 8 === 7 ? LONGEST_FREEZE_MS : 40));
    signal(child, 'SIGCONT');
    await sleep(random(20));
    if (turn === 10) doomed?.kill();
  }
}

function signal({ pid }: Child, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}

async function lookAll(directory: string, keys: readonly string[]): Promise<Deed[]> {
  const from = now();
  const records = await world(directory).open({}, { now: Date.now }).read(keys);
  return records.map((record, at) => {
    const found: Found =
      record === undefined ? { kind: 'nothing' } : JSON.parse(Buffer.from(record.data).toString());
    return { deed: 'read', key: keys[at] as string, from, found };
  });
}
