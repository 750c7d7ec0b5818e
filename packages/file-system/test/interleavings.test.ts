import { describe, expect, jest, test } from '@jest/globals';
import type { Operation } from './interleaving/history.js';
import { add, fill, read, remove, removeIf, type Subject, write } from './interleaving/operations.js';
import type { Leg } from './interleaving/play.js';
import { Stage, type Start } from './interleaving/stage.js';
import { seed, seeded } from './seeded.js';

/** `pnpm --filter @recollect/file-system interleavings` plays more of them. */
const isLong = process.env.INTERLEAVINGS === 'long';
const ALL = Number.POSITIVE_INFINITY;
if (isLong) jest.setTimeout(3_600_000);

type Pair = readonly [Operation<Subject>, Operation<Subject>];
const pairs: readonly { readonly pair: Pair; readonly starts: readonly Start[] }[] = [
  { pair: [fill('a'), fill('b')], starts: ['nothing', 'expired', 'damaged'] },
  { pair: [fill('a', 'tombstone'), fill('b', 'tombstone')], starts: ['tombstone'] },
  { pair: [fill('a'), fill('b', 'tombstone')], starts: ['nothing', 'tombstone', 'expired'] },
  { pair: [fill('a'), write('newer')], starts: ['nothing', 'expired', 'damaged'] },
  { pair: [fill('a', 'tombstone'), write('newer')], starts: ['nothing', 'tombstone', 'expired'] },
  { pair: [fill('a', 'tombstone'), remove], starts: ['tombstone', 'expired'] },
  { pair: [fill('a', 'tombstone'), add('b')], starts: ['nothing', 'tombstone', 'expired'] },
  { pair: [fill('a', 'tombstone'), removeIf('tombstone')], starts: ['tombstone'] },
  { pair: [fill('a'), read], starts: ['expired', 'damaged'] },
  { pair: [write('newer'), removeIf('tombstone')], starts: ['tombstone'] },
  { pair: [write('newer'), read], starts: ['expired'] },
  { pair: [write('newer'), add('b')], starts: ['nothing', 'expired'] },
  { pair: [add('a'), add('b')], starts: ['nothing', 'expired', 'damaged'] },
  { pair: [add('a'), removeIf('tombstone')], starts: ['tombstone'] },
  { pair: [removeIf('tombstone'), removeIf('tombstone')], starts: ['tombstone'] },
];
const cases = pairs.flatMap(({ pair, starts }) =>
  starts.map((start) => ({ title: `${pair[0].name}, ${pair[1].name}, from ${start}`, pair, start })),
);
const bothWays = ([first, second]: Pair): readonly Pair[] => [
  [first, second],
  [second, first],
];

/** 1, 2, … until the play says that there is no more to come. */
async function counting(play: (count: number) => Promise<boolean>): Promise<void> {
  for (let count = 0; await play(count); ) count += 1;
}

describe('two processes', () => {
  test.each(cases)('$title: every schedule of two switches can be explained', async ({ pair, start }) => {
    const stage = await Stage.open(2);
    const bothFill = pair.every(({ name }) => name.startsWith('fill'));
    for (const operations of bothWays(pair)) {
      await forEachSchedule(isLong ? 3 : 2, async (legs) => {
        const play = await stage.play(start, operations);
        for (const leg of legs) await play.go(leg);
        await play.finish();
        if (bothFill) expect(play.answers).toContain(true);
        return play.steps;
      });
    }
    // Nobody died: nothing is left behind.
    expect(await stage.intents()).toEqual([]);
  });

  test.each(cases)('$title: one that is frozen anywhere, or killed, is survived', async ({ pair, start }) => {
    const stage = await Stage.open(2);
    for (const operations of bothWays(pair)) {
      await forEachSchedule(1, async (legs) => {
        const play = await stage.play(start, operations, 0);
        for (const leg of legs) await play.go(leg);
        await play.go([1, ALL], true);
        await play.finish();
        return play.steps;
      });
    }
  });
});

test('three processes: random schedules can be explained', async () => {
  const random = seeded(seed);
  const stage = await Stage.open(3);
  const one = <Each>(choices: readonly Each[]) => choices[random(choices.length)] as Each;
  let stored = 0;
  for (let round = 0; round < (isLong ? 10_000 : 150); round += 1) {
    const operations = ['a', 'b', 'c'].map((text) => one(anyOperation(text)));
    const play = await stage.play(one(['nothing', 'tombstone', 'expired', 'damaged']), operations);
    try {
      for (let leg = 0; leg < 12; leg += 1) await play.go([random(3), 1 + random(5)]);
      await play.finish();
    } catch (cause) {
      throw new Error(`RECOLLECT_SEED=${seed}, round ${round}`, { cause });
    }
    stored += play.answers.filter((answer) => answer === true).length;
  }
  expect(stored).toBeGreaterThan(50);
});

function anyOperation(text: string): readonly Operation<Subject>[] {
  const fills = [fill(text), fill(text, 'tombstone'), fill(text, 'a')];
  return [...fills, write(text), add(text), remove, removeIf('tombstone'), read];
}

/**
 * Plays every schedule in which the two processes take turns so many times, the first one beginning, for every number of
 * steps in each turn. `play` tells how many steps each turn really had: beyond that there is nothing new.
 */
async function forEachSchedule(
  turns: number,
  play: (legs: readonly Leg[]) => Promise<readonly number[]>,
  before: readonly Leg[] = [],
): Promise<readonly number[]> {
  const at = before.length;
  if (at === turns) return play(before);
  for (let steps = at === 0 ? 0 : 1; ; steps += 1) {
    const made = await forEachSchedule(turns, play, [...before, [at % 2, steps]]);
    if ((made[at] ?? 0) < steps) return made;
  }
}
