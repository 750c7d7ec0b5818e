import { describe, expect, test } from '@jest/globals';
import type { SharedRecord } from 'recollect';
import { ReadBatch } from '../src/read-batch.js';
import { bytes, rejection } from './support/operations.js';

type Records = readonly (SharedRecord | undefined)[];

const FOREVER = Number.POSITIVE_INFINITY;
const tick = () => new Promise((resolve) => setImmediate(resolve));

/** A server whose answers the test gives; what was asked of it stands in `asked`. */
function openServer(
  answer: (keys: readonly string[], lives: number) => Records | Promise<Records> = answerAll,
  mostReads = 2_000,
) {
  const asked: { keys: readonly string[]; lives: number }[] = [];
  const batch = new ReadBatch(
    (keys) => {
      const places = new Map<unknown, number[]>();
      for (const [at, bytes] of keys.entries()) {
        const key = String(bytes);
        const group = key.includes('/') ? key.split('/')[0] : 'here';
        places.set(group, [...(places.get(group) ?? []), at]);
      }
      return [...places.values()];
    },
    async (keys, lives) => {
      asked.push({ keys, lives });
      return answer(keys, lives);
    },
    mostReads,
  );
  return { batch, asked };
}

/** Every key holds its own name; those whose life is wanted have a minute. */
function answerAll(keys: readonly string[], lives: number): Records {
  return keys.map((key, at) => ({ data: bytes(key), ttlMs: at < lives ? 60_000 : FOREVER }));
}

const names = (records: Records) => records.map((record) => record && Buffer.from(record.data).toString());

describe('reads of one tick', () => {
  test('are one command, in which each key stands once', async () => {
    const { batch, asked } = openServer();
    const reads = [batch.read(['a', 'v', 's'], 0), batch.read(['b', 'v', 's'], 0), batch.read(['s', 'a'], 0)];
    expect((await Promise.all(reads)).map(names)).toEqual([
      ['a', 'v', 's'],
      ['b', 'v', 's'],
      ['s', 'a'],
    ]);
    expect(asked).toEqual([{ keys: ['a', 'v', 's', 'b'], lives: 0 }]);
  });

  test('include those of everybody whom one reply has answered, however many promises lie between', async () => {
    const { batch, asked } = openServer();
    const again = async (key: string, steps: number) => {
      await batch.read([key], 0);
      for (let step = 0; step < steps; step += 1) await Promise.resolve();
      await batch.read([`${key}2`], 0);
    };
    await Promise.all([again('a', 0), again('b', 3), again('c', 20)]);
    expect(asked.map(({ keys }) => keys)).toEqual([
      ['a', 'b', 'c'],
      ['a2', 'b2', 'c2'],
    ]);
  });

  test('do not wait for those of a later one', async () => {
    const { batch, asked } = openServer();
    const first = batch.read(['a'], 0);
    await tick();
    await Promise.all([first, batch.read(['b'], 0)]);
    expect(asked.map(({ keys }) => keys)).toEqual([['a'], ['b']]);
  });

  test('go out in several commands where they are many; the keys of one read are never parted', async () => {
    const { batch, asked } = openServer();
    const three = Array.from({ length: 100 }, (_, at) => [`${at}:a`, `${at}:b`, `${at}:c`]);
    const many = Array.from({ length: 1_000 }, (_, at) => `many:${at}`);
    const reads = [...three, many, ['last']].map((keys) => batch.read(keys, 0));
    expect((await Promise.all(reads)).map(names)).toEqual([...three, many, ['last']]);
    expect(asked.map(({ keys }) => keys.length)).toEqual([255, 45, 1_000, 1]);
  });

  test('a read of nothing asks for nothing', async () => {
    const { batch, asked } = openServer();
    expect(await batch.read([], 0)).toEqual([]);
    await tick();
    expect(asked).toEqual([]);
  });
});

describe('lives', () => {
  test('are asked for where anybody wants them, and told to nobody else', async () => {
    const { batch, asked } = openServer();
    const reads = [batch.read(['a', 'v'], 0), batch.read(['b', 'v'], 1), batch.read(['a', 'c'], 1)];
    const lives = (await Promise.all(reads)).map((records) => records.map((record) => record?.ttlMs));
    expect(lives).toEqual([
      [FOREVER, FOREVER],
      [60_000, FOREVER],
      [60_000, FOREVER],
    ]);
    expect(asked).toEqual([{ keys: ['a', 'b', 'v', 'c'], lives: 2 }]);
  });
});

describe('a command that fails', () => {
  test('fails the reads in it, and no other', async () => {
    const { batch } = openServer((keys, lives) => {
      if (keys.includes('a')) throw new Error('not this one');
      return answerAll(keys, lives);
    });
    const failed = [rejection(batch.read(['a'], 0)), rejection(batch.read(['b'], 0))];
    await tick();
    expect(names(await batch.read(['b'], 0))).toEqual(['b']);
    expect((await Promise.all(failed)).map(String)).toEqual(['Error: not this one', 'Error: not this one']);
  });
});

describe('keys in several places', () => {
  test('a read waits for its own places only', async () => {
    const never = new Promise<Records>(() => undefined);
    const { batch, asked } = openServer((keys, lives) =>
      keys[0]?.startsWith('dark') ? never : answerAll(keys, lives),
    );
    const settled: string[] = [];
    void batch.read(['dark/a'], 0).then(() => settled.push('dark'));
    void batch.read(['light/a', 'dark/b'], 0).then(() => settled.push('both'));
    const light = batch.read(['light/a', 'lamp/b'], 0);
    expect(names(await light)).toEqual(['light/a', 'lamp/b']);
    await tick();
    expect(settled).toEqual([]);
    expect(asked.map(({ keys }) => keys)).toEqual([['dark/a', 'dark/b'], ['light/a'], ['lamp/b']]);
  });

  test('a place that fails fails those who need it', async () => {
    const { batch } = openServer((keys, lives) => {
      if (keys[0]?.startsWith('dark')) throw new Error('dark');
      return answerAll(keys, lives);
    });
    const failed = [rejection(batch.read(['dark/a'], 0)), rejection(batch.read(['light/a', 'dark/a'], 0))];
    expect(names(await batch.read(['light/a'], 0))).toEqual(['light/a']);
    expect((await Promise.all(failed)).map(String)).toEqual(['Error: dark', 'Error: dark']);
  });

  test('lives are asked for in each place', async () => {
    const { batch, asked } = openServer();
    await Promise.all([batch.read(['x/v', 'y/v'], 0), batch.read(['x/a', 'x/v'], 1), batch.read(['y/b'], 1)]);
    expect(asked).toEqual([
      { keys: ['x/a', 'x/v'], lives: 1 },
      { keys: ['y/b', 'y/v'], lives: 1 },
    ]);
  });
});

test('it is full while as many reads as may be are under way, and not because of those that are over', async () => {
  let isDark = true;
  const never = new Promise<Records>(() => undefined);
  const { batch } = openServer((keys, lives) => {
    if (keys[0]?.startsWith('bad')) throw new Error('bad');
    return isDark && keys[0]?.startsWith('dark') ? never : answerAll(keys, lives);
  }, 3);
  const parted = rejection(batch.read(['dark/a', 'bad/a', 'bad2/a', 'light/a'], 0));
  void batch.read(['dark/a'], 0);
  expect(batch.isFull).toBe(false);
  const last = batch.read(['light/a', 'lamp/a'], 0);
  expect(batch.isFull).toBe(true);
  await Promise.all([parted, last]);
  isDark = false;
  const reads = [batch.read(['light/a', 'lamp/a'], 0), batch.read(['light/a'], 0)];
  expect(batch.isFull).toBe(true);
  await Promise.all(reads);
  expect(batch.isFull).toBe(false);
});

describe('the size of a batch', () => {
  const sizesOf = async (answer: Parameters<typeof openServer>[0], rounds: number) => {
    const { batch, asked } = openServer(answer);
    const sizes: number[][] = [];
    for (let round = 0; round < rounds; round += 1) {
      const from = asked.length;
      await Promise.allSettled(Array.from({ length: 100 }, (_, at) => batch.read([`${round}:${at}`], 0)));
      sizes.push(asked.slice(from).map(({ keys }) => keys.length));
    }
    return sizes;
  };

  test('follows that of the records, so that one deadline covers about a mebibyte', async () => {
    const data = new Uint8Array(100_000);
    const sizes = await sizesOf((keys) => keys.map(() => ({ data, ttlMs: FOREVER })), 2);
    expect(sizes[0]).toEqual([100]);
    expect(sizes[1]).toEqual(Array.from({ length: 10 }, () => 10));
  });

  test('grows again when records are small again', async () => {
    let rounds = 0;
    const sizes = await sizesOf((keys) => {
      rounds += 1;
      const data = rounds === 1 ? new Uint8Array(100_000) : bytes('small');
      return keys.map(() => ({ data, ttlMs: FOREVER }));
    }, 8);
    expect(sizes[1]?.[0]).toBe(10);
    expect(sizes.at(-1)).toEqual([100]);
  });

  test('is halved by a reply that does not come in time, though not by one that says no', async () => {
    const late = Object.assign(new Error('no answer'), { name: 'DeadlineError' });
    const failing = (cause: Error) => () => Promise.reject(new Error('failed', { cause }));
    expect((await sizesOf(failing(late), 3)).map((sizes) => sizes[0])).toEqual([100, 50, 25]);
    expect((await sizesOf(failing(new Error('refused')), 2)).map((sizes) => sizes[0])).toEqual([100, 100]);
  });
});
