import { describe, expect, test } from '@jest/globals';
import { bytes, filesBelow, HOUR, look, put, world } from './scratch.js';

describe('a life', () => {
  test('goes on where it was after a restart, to the millisecond', async () => {
    const { open, clock } = world();
    const first = open();
    await put(first, 'k', 'v', 1_000);
    await first.close();
    clock.advance(400);
    const second = open();
    expect((await second.read(['k']))[0]?.ttlMs).toBe(600);
    clock.advance(599);
    expect((await second.read(['k']))[0]?.ttlMs).toBe(1);
    clock.advance(1);
    expect(await look(second, 'k')).toBeUndefined();
  });

  test('counts from the call, not from when there was room to write', async () => {
    const { open, clock } = world();
    const cache = open();
    const writing = put(cache, 'k', 'v', 1_000);
    clock.advance(300);
    await writing;
    expect((await cache.read(['k']))[0]?.ttlMs).toBe(700);
  });
});

test('an add whose life ends while it waits for room answers with its own data', async () => {
  const { open, clock } = world();
  const cache = open();
  const adding = cache.add({ key: 'k', data: bytes('short'), ttlMs: 5 });
  clock.advance(10);
  expect(Buffer.from(await adding).toString()).toBe('short');
  expect(await look(cache, 'k')).toBeUndefined();
});

describe('an expired record', () => {
  test('is removed when it is read', async () => {
    const { open, clock, directory } = world();
    const cache = open();
    await put(cache, 'k', 'v', 100);
    clock.advance(100);
    expect(filesBelow(directory)).toHaveLength(1);
    expect(await look(cache, 'k')).toBeUndefined();
    expect(filesBelow(directory)).toEqual([]);
  });

  test('is removed by the sweep, at its time, and an open one is not', async () => {
    const { open, clock, directory } = world();
    const cache = open({ sweepIntervalMs: 1_000 });
    await put(cache, 'short', 'v', 500);
    await put(cache, 'long', 'v', 5_000);
    await put(cache, 'endless', 'v', Number.POSITIVE_INFINITY);
    clock.advance(900);
    expect(filesBelow(directory)).toHaveLength(3);
    clock.advance(200);
    while (filesBelow(directory).length > 2) await new Promise(setImmediate);
    await cache.close();
    expect(clock.pending).toBe(0);
    expect(await look(open(), 'long')).toBe('v');
  });

  test('is swept again and again', async () => {
    const { open, clock, directory } = world();
    const cache = open({ sweepIntervalMs: 1_000 });
    for (let round = 0; round < 3; round += 1) {
      await put(cache, `k${round}`, 'v', 500);
      while (clock.pending === 0) await new Promise(setImmediate);
      clock.advance(1_000);
      while (filesBelow(directory).length > 0) await new Promise(setImmediate);
    }
  });

  test('is not swept when the interval is 0', async () => {
    const { open, clock } = world();
    const cache = open({ sweepIntervalMs: 0 });
    await put(cache, 'k', 'v', 500);
    await cache.read(['k']);
    expect(clock.pending).toBe(0);
  });
});

describe('a wall clock that is set', () => {
  test('back by a quarter of an hour changes nothing for the records of a living process', async () => {
    const place = world();
    const cache = place.open();
    await put(cache, 'k', 'v', 60_000);
    place.clock.advance(30_000);
    place.wallOffset -= 900_000;
    expect((await cache.read(['k']))[0]?.ttlMs).toBe(30_000);
    place.clock.advance(29_999);
    expect((await cache.read(['k']))[0]?.ttlMs).toBe(1);
    place.clock.advance(1);
    expect(await look(cache, 'k')).toBeUndefined();
  });

  test('back by little, or in many little steps, lends no life', async () => {
    const place = world();
    const cache = place.open();
    await put(cache, 'k', 'v', 60_000);
    for (let step = 0; step < 59; step += 1) {
      place.clock.advance(1_000);
      place.wallOffset -= 900;
      expect(await look(cache, 'k')).toBe('v');
    }
    // One second of tolerance.
    place.clock.advance(2_000);
    expect(await look(cache, 'k')).toBeUndefined();
  });

  test('back, makes a record of the future a miss to the next process', async () => {
    const place = world();
    const before = place.open();
    await put(before, 'k', 'v', HOUR);
    await before.close();
    place.wallOffset -= 900_000;
    const after = place.open();
    expect(await look(after, 'k')).toBeUndefined();
    await put(after, 'k', 'new', HOUR);
    expect((await after.read(['k']))[0]?.ttlMs).toBe(HOUR);
  });

  test('back, lets the first sweep remove what is of the future, or it would come to life again later', async () => {
    const place = world();
    const before = place.open();
    await put(before, 'k', 'v', HOUR);
    await before.close();
    place.wallOffset -= 900_000;
    await put(place.open(), 'other', 'v');
    expect(filesBelow(place.directory)).toHaveLength(1);
  });

  test('back by less than a second, still shows the record to the next process, with no more than its whole life', async () => {
    const place = world();
    const before = place.open();
    await put(before, 'k', 'v', 10_000);
    await before.close();
    place.wallOffset -= 900;
    expect((await place.open().read(['k']))[0]?.ttlMs).toBe(10_000);
  });

  test('back, is trusted again once it has passed the moment it was set', async () => {
    const place = world();
    const cache = place.open();
    await cache.read(['k']);
    place.clock.advance(1_000);
    place.wallOffset -= 100_000;
    // Cannot be told from one that was written before: counts as 100 s older than it is.
    await put(cache, 'young', 'v', 150_000);
    expect((await cache.read(['young']))[0]?.ttlMs).toBe(50_000);
    place.clock.advance(100_001);
    await put(cache, 'later', 'v', 150_000);
    expect((await cache.read(['later']))[0]?.ttlMs).toBe(150_000);
  });

  test('forward, shortens lives and lengthens none', async () => {
    const place = world();
    const cache = place.open();
    await put(cache, 'short', 'v', 60_000);
    await put(cache, 'long', 'v', HOUR);
    place.wallOffset += 900_000;
    expect(await look(cache, 'short')).toBeUndefined();
    expect((await cache.read(['long']))[0]?.ttlMs).toBe(HOUR - 900_000);
    await put(cache, 'new', 'v', 1_000);
    place.clock.advance(1_000);
    expect(await look(cache, 'new')).toBeUndefined();
  });
});
