import { describe, expect, jest, test } from '@jest/globals';
import { FakeClock, MemorySharedBackend } from '@recollect/testing';
import {
  type CacheConfig,
  ConfigurationError,
  createCache,
  type Failure,
  SerializationError,
  type Serializer,
} from 'recollect';
import { KeySpace } from '../../src/keys/key-space.js';
import { Monitor } from '../../src/observe/monitor.js';
import { leastBytes } from '../../src/serializers/least-bytes.js';
import { SerializerSet } from '../../src/serializers/serializer-set.js';

function scene(config: CacheConfig = {}) {
  const shared = new MemorySharedBackend();
  const failures: [string, unknown][] = [];
  const warnings: string[] = [];
  const cache = createCache({
    shared: { kind: shared },
    maxValueBytes: 100,
    observer: {
      failure: ({ error }: Failure, reason) => void failures.push([reason, error]),
      warning: (message) => void warnings.push(message),
    },
    ...config,
  });
  const values = (): number => [...shared.records.values()].filter(({ data }) => data.length > 40).length;
  return { cache, failures, shared, values, warnings };
}

describe('a value of more than maxValueBytes', () => {
  test.each<[string, unknown]>([
    ['a text', 'x'.repeat(99)],
    ['text within', { html: 'x'.repeat(101) }],
    ['many parts', Array.from({ length: 60 }, (_, i) => i)],
    ['bytes', new Uint8Array(80)],
  ])('stays in the local tier: %s', async (_what, value) => {
    const { cache, failures, values } = scene();
    let loads = 0;
    const site = cache.cachedFunction(
      async () => {
        loads++;
        return value;
      },
      { name: 'site', hours: 1 },
    );
    expect([await site(), await site()]).toEqual([value, value]);
    await cache.settled();
    expect([loads, values()]).toEqual([1, 0]);
    expect(failures).toEqual([['too-large', expect.any(SerializationError)]]);
    expect(String((failures[0] as [string, Error])[1])).toMatch(
      /^SerializationError: site: the value takes (?:at least )?\d+ bytes, and maxValueBytes is 100$/,
    );
    expect(cache.stats()).toMatchObject({ degraded: { 'too-large': 1 }, failures: 1 });
  });

  test('is exactly that: one of as many is stored', async () => {
    const { cache, failures, values } = scene();
    const text = (length: number) =>
      cache.cachedFunction(async () => 'x'.repeat(length), { name: `site${length}` })();
    await text(98);
    await cache.settled();
    expect([values(), failures.length]).toEqual([1, 0]);
    await text(99);
    await cache.settled();
    expect([values(), failures.length]).toEqual([1, 1]);
  });

  test('set by hand is refused, and nothing is stored', async () => {
    const { cache, values } = scene();
    const entries: [string, unknown][] = [
      ['small', 1],
      ['large', 'x'.repeat(200)],
    ];
    const refused = cache.setMany(entries);
    await expect(refused).rejects.toThrow(SerializationError);
    await expect(refused).rejects.toThrow(
      "$manual 'large': the value takes at least 200 bytes, and maxValueBytes is 100",
    );
    expect([await cache.get('small'), await cache.get('large'), values()]).toEqual([undefined, undefined, 0]);
    expect(cache.stats().local.stores).toBe(0);
    const site = cache.cachedFunction(async () => 'short', { name: 'site' });
    await expect(site.set([], 'x'.repeat(99))).rejects.toThrow('site: the value takes 101 bytes');
    expect(site.peek()).toBeUndefined();
  });

  test('set by hand stays local where there is no shared tier', async () => {
    const cache = createCache({ maxValueBytes: 1 });
    await cache.set('k', 'x'.repeat(200));
    expect(await cache.get('k')).toHaveLength(200);
  });

  test('takes an older one out of the shared tier with it', async () => {
    const { cache } = scene({ local: { kind: 'NullCache' } });
    let value = 'short';
    const site = cache.cachedFunction(async () => value, { name: 'site', hours: 1 });
    await site();
    await cache.settled();
    value = 'x'.repeat(200);
    await site.refresh();
    await cache.settled();
    expect(await site()).toBe(value);
  });

  test('is refused before it is compressed', async () => {
    const { cache, failures, values } = scene({ compress: { thresholdBytes: 0 } });
    await cache.cachedFunction(async () => 'x'.repeat(5_000), { name: 'site' })();
    await cache.settled();
    expect([values(), failures.length]).toEqual([0, 1]);
  });

  test('is not even encoded where that can be told without', async () => {
    const { cache, failures } = scene();
    const stringify = jest.spyOn(JSON, 'stringify');
    try {
      const text = 'x'.repeat(64 * 1024 * 1024);
      await cache.cachedFunction(async () => text, { name: 'text' })();
      await cache.cachedFunction(async () => ({ status: 200, pages: [text] }), { name: 'page' })();
      await cache.settled();
      expect(stringify).not.toHaveBeenCalled();
    } finally {
      stringify.mockRestore();
    }
    expect(failures).toHaveLength(2);
  });

  test('is not guessed where a serializer of the application may make it smaller', async () => {
    const length: Serializer = {
      id: 'length',
      encode: (value) => new TextEncoder().encode(String((value as string).length)),
      decode: (data) => 'x'.repeat(Number(new TextDecoder().decode(data))),
    };
    const { cache, failures, values } = scene({ serializers: [length], local: { kind: 'NullCache' } });
    const site = cache.cachedFunction(async () => 'x'.repeat(5_000), { name: 'site', serializer: 'length' });
    await site();
    await cache.settled();
    expect([values(), failures.length, (await site()).length]).toEqual([1, 0, 5_000]);
  });

  test('that another process stored is not read, and left to that process', async () => {
    const records = new Map();
    const open = (maxValueBytes: number, corrupt: 'heal' | 'raise') =>
      createCache({
        local: { kind: 'NullCache' },
        shared: { kind: new MemorySharedBackend({ records, corrupt }) },
        maxValueBytes,
      });
    const generous = open(10_000, 'heal');
    await generous.set('k', 'x'.repeat(5_000));
    const strict = open(100, 'heal');
    expect(await strict.get('k')).toBeUndefined();
    expect(strict.stats()).toMatchObject({
      degraded: { 'too-large': 1 },
      sites: { $manual: { failures: 1 } },
    });
    await expect(open(100, 'raise').get('k')).rejects.toThrow('takes 5002 bytes, and maxValueBytes is 100');
    expect(await generous.get('k')).toHaveLength(5_000);

    const wordy = (cache: typeof strict) =>
      cache.cachedFunction(async () => 'x'.repeat(5_000), { name: 'wordy', hours: 1 });
    const [its, ours] = [wordy(generous), wordy(strict)];
    await its();
    await generous.settled();
    await ours();
    await strict.settled();
    expect(strict.stats()).toMatchObject({ degraded: { 'too-large': 2 } });
    expect(await its.ttl()).toBeGreaterThan(0);
  });
});

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '1', null])(
  'maxValueBytes is not %p',
  (maxValueBytes) => {
    const make = () => createCache({ maxValueBytes: maxValueBytes as number });
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(/^config: maxValueBytes is .+; accepted: a whole number of bytes from 1$/);
  },
);

test('a mebibyte is stored unless told otherwise, and a byte more is not', async () => {
  const shared = new MemorySharedBackend();
  const cache = createCache({ shared: { kind: shared }, observer: { warning: () => {} } });
  await cache.set('k', 'x'.repeat(1_048_574));
  await expect(cache.set('k', 'x'.repeat(1_048_575))).rejects.toThrow('maxValueBytes is 1048576');
});

test('no key takes more than 1,700 bytes, however long what it is made of', () => {
  const bytes = (key: string): number => Buffer.byteLength(key);
  // Those that just are not shortened, in the letters that take most room, and those that are.
  const escaped = '%'.repeat(32);
  for (const unit of [escaped, 'x'.repeat(160), 'x'.repeat(10_000)]) {
    const keys = new KeySpace(unit);
    for (const canonical of ['{'.repeat(160), '\u4e00'.repeat(160), 'x'.repeat(200_000)])
      expect(bytes(keys.entry(keys.lane(unit, unit, unit), canonical))).toBeLessThanOrEqual(1_700);
    for (const key of ['\u4e00'.repeat(160), '{'.repeat(160), 'x'.repeat(200_000)])
      expect(bytes(keys.manual(key))).toBeLessThanOrEqual(1_700);
    expect(bytes(keys.siteVersion(unit))).toBeLessThanOrEqual(1_700);
  }
});

describe('the least that a value takes', () => {
  const set = new SerializerSet();

  test('is never more than it really takes', () => {
    const values = [
      ...[
        '',
        'text',
        '\ud800',
        'é'.repeat(9),
        0,
        null,
        undefined,
        1n,
        [],
        [1, 'two', [3]],
        { a: { b: ['c'] } },
      ],
      ...[
        new Uint8Array(9_000),
        new Float64Array(3),
        Buffer.from('buffer'),
        new Map([['k', 'v']]),
        new Date(0),
      ],
      ...[
        Array.from({ length: 1_000 }, () => ''),
        Object.fromEntries(Array.from({ length: 999 }, (_, i) => [i, ''])),
      ],
    ];
    for (const value of values)
      for (const within of [false, true])
        expect(leastBytes(value, within)).toBeLessThanOrEqual(set.encode(value).data.length);
  });

  test('looks at a few parts only, and at none unless asked to', () => {
    let looks = 0;
    const part = {
      get text() {
        looks++;
        return 'text';
      },
    };
    expect(leastBytes([part], false)).toBe(1);
    expect(looks).toBe(0);
    expect(leastBytes(Array(10_000).fill(part), true)).toBe(10_000);
    expect(looks).toBeLessThan(300);
  });
});

describe('a value that takes long to encode', () => {
  const slow = (clock: FakeClock, ms: number): Serializer => ({
    id: 'slow',
    encode: (value) => {
      clock.advance(ms);
      return new TextEncoder().encode(JSON.stringify(value));
    },
    decode: (data) => JSON.parse(new TextDecoder().decode(data)) as unknown,
  });
  const run = async (ms: number, config: CacheConfig = {}) => {
    const clock = new FakeClock();
    const { cache, warnings } = scene({ clock, serializers: [slow(clock, ms)], ...config });
    const site = cache.cachedFunction(async (n: number) => [n], {
      name: 'site',
      serializer: 'slow',
      hours: 1,
    });
    for (const n of [1, 2, 3]) await site(n);
    await cache.settled();
    return { slowEncodes: cache.stats().shared?.slowEncodes, warnings };
  };

  test('is counted each time, and warned of once per site when it happens again', async () => {
    expect(await run(10)).toEqual({ slowEncodes: 0, warnings: [] });
    const warning = 'site: a value of 3 bytes took 11 ms to encode, and nothing else ran meanwhile';
    expect(await run(11)).toEqual({ slowEncodes: 3, warnings: [warning] });
    // With nothing kept locally it is encoded at another place.
    expect(await run(11, { local: { kind: 'SimpleCacheNoSerializer' } })).toEqual({
      slowEncodes: 3,
      warnings: [warning],
    });
  });

  test('is not warned of where it is an accident', () => {
    const warnings: string[] = [];
    const monitor = new Monitor({ warning: (message) => void warnings.push(message) }, 'shop');
    for (const ms of [...Array<number>(30).fill(1), 50, 50, 50]) monitor.encoded('rare', 100, ms);
    expect([warnings, monitor.shared.slowEncodes]).toEqual([[], 3]);
    monitor.encoded('rare', 100, 50);
    expect([warnings.length, monitor.shared.slowEncodes]).toEqual([1, 4]);
  });

  test('is measured for plain data, too', async () => {
    const clock = new FakeClock();
    const { cache, warnings } = scene({ clock });
    const { stringify } = JSON;
    const spy = jest.spyOn(JSON, 'stringify').mockImplementation((value: unknown) => {
      clock.advance(20);
      return stringify(value);
    });
    try {
      const plain = cache.cachedFunction(async (_: number) => ({ plain: true }), { name: 'plain' });
      for (const n of [1, 2]) await plain(n);
      await cache.set('k', { plain: true });
      expect(warnings.map((one) => one.split(':')[0])).toEqual(['plain']);
      await cache.set('k', { plain: true });
    } finally {
      spy.mockRestore();
    }
    expect(cache.stats().shared?.slowEncodes).toBe(4);
    expect(warnings.map((one) => one.split(':')[0])).toEqual(['plain', '$manual']);
  });
});
