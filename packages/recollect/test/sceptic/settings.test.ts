import { describe, expect, test } from '@jest/globals';
import { cacheOf, configFromEnv, createCache } from 'recollect';

describe('what is shown of a config', () => {
  test.each([
    ['redis://user:p@ss@host:6379', 'redis://user:[redacted]@host:6379'],
    ['redis://:p:w@host/0', 'redis://:[redacted]@host/0'],
    ['redis://host:6379/0', 'redis://host:6379/0'],
  ])('of %s', (url, shown) => {
    class Remote {
      readonly kind = 'Remote';
      readonly corrupt = 'heal' as const;
      read = async () => [];
      write = async () => true;
      fill = async () => true;
      add = async () => new Uint8Array();
      delete = async () => 0;
      deleteIfEqual = async () => false;
      async *scan() {}
      clear = async () => 0;
      close = async () => {};
    }
    const cache = createCache({ shared: { kind: Remote, url, apiKey: 'k', auth: 'a' } });
    expect(cache.config).toMatchObject({ shared: { url: shown, apiKey: '[redacted]', auth: '[redacted]' } });
  });
});

test('a kind from the environment is never a property that every object has', () => {
  expect(configFromEnv({ CACHE_TYPE: 'constructor' })).toEqual({ shared: { kind: 'constructor' } });
});

describe('a name that was refused', () => {
  test('is refused again at the next instance, for the same reason', () => {
    const cache = createCache();
    class Ab {
      @cache.cached({ hours: 1 }) async find() {
        return 1;
      }
    }
    for (let time = 0; time < 2; time += 1) {
      expect(() => new Ab()).toThrow(/would be 'Ab.find', which may be a minifier's work/);
    }
  });
});

describe('members of every kind', () => {
  const symbol = Symbol('sum');

  test('have a handle, and entries of their own', async () => {
    const cache = createCache();
    let runs = 0;
    class Kinds {
      @cache.cached({ localOnly: true, hours: 1 }) static get settings() {
        return { run: ++runs };
      }
      @cache.cached({ localOnly: true, hours: 1, name: 'kinds.symbol' }) [symbol](n: number) {
        return [n, ++runs];
      }
      @cache.cached({ localOnly: true, hours: 1, name: 'kinds.private' }) #hidden(n: number) {
        return [n, ++runs];
      }
      hidden(n: number) {
        return this.#hidden(n);
      }
    }
    const [one, two] = [Object.freeze(new Kinds()), new Kinds()];
    expect([Kinds.settings, Kinds.settings]).toEqual([{ run: 1 }, { run: 1 }]);
    await cacheOf(Kinds).settings.invalidate();
    expect(Kinds.settings).toEqual({ run: 2 });
    expect([one[symbol](7), one[symbol](7), two[symbol](7)]).toEqual([
      [7, 3],
      [7, 3],
      [7, 4],
    ]);
    await cacheOf(one)[symbol].invalidate(7);
    expect([one[symbol](7), two[symbol](7)]).toEqual([
      [7, 5],
      [7, 4],
    ]);
    expect([one.hidden(7), one.hidden(7), two.hidden(7)]).toEqual([
      [7, 6],
      [7, 6],
      [7, 7],
    ]);
  });

  test('may be decorated twice: by @cached and by @invalidates of another', async () => {
    const cache = createCache();
    let runs = 0;
    class Desk {
      @cache.cached({ hours: 1 }) async list() {
        return ++runs;
      }
      @cache.invalidates('list', () => []) @cache.cached({ hours: 1 }) async outer(n: number) {
        return n + ++runs;
      }
      @cache.cached({ hours: 1 }) @cache.invalidates('list', () => []) async inner(n: number) {
        return n + ++runs;
      }
    }
    const desk = new Desk();
    expect([await desk.list(), await desk.outer(10), await desk.list()]).toEqual([1, 12, 3]);
    // Outermost, it acts at each call; within, only when the method runs.
    expect([await desk.outer(10), await desk.list()]).toEqual([12, 4]);
    expect([await desk.inner(20), await desk.list()]).toEqual([25, 6]);
    expect([await desk.inner(20), await desk.list()]).toEqual([25, 6]);
  });

  test('decorated twice by @cached of one cache need names of their own', async () => {
    const cache = createCache();
    class Twice {
      @cache.cached({ hours: 1 }) @cache.cached({ hours: 1 }) async find() {
        return 1;
      }
    }
    expect(() => new Twice()).toThrow(/name is 'Twice.find', which another cached method has already/);
  });

  test('of two instances made from one stay apart', () => {
    const cache = createCache();
    class Shop {
      constructor(public city: string) {}
      @cache.cached({ localOnly: true, hours: 1 }) sign(text: string) {
        return `${text} ${this.city}`;
      }
    }
    const bern = new Shop('Bern');
    const basel = Object.assign(Object.create(bern) as Shop, { city: 'Basel' });
    const { sign } = bern;
    const bound = sign.bind(basel);
    expect([bern.sign('in'), basel.sign('in'), bound('in'), sign.call(bern, 'in')]).toEqual([
      'in Bern',
      'in Basel',
      'in Basel',
      'in Bern',
    ]);
  });
});
