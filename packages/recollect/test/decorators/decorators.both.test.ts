import { afterEach, describe, expect, test } from '@jest/globals';
import { type Cache, ConfigurationError, cacheOf, createCache } from 'recollect';

/** Compiled and run twice: once with standard decorators, once with legacy ones. */
const cache: Cache = createCache({ namespace: 'both' });
const { cached, invalidates, cachedFunction } = cache;

let runs: string[] = [];
const ran = (what: string): string => {
  runs.push(what);
  return what;
};

class Catalogue {
  stock = 0;

  @cached({ hours: 1 })
  async title(id: string): Promise<string> {
    return ran(`title ${id}`);
  }

  @cached({ minutes: 30, localOnly: true, noSerialization: true })
  row(id: number): { id: number } {
    ran(`row ${id}`);
    return { id };
  }

  @cached({ minutes: 1, localOnly: true })
  pair(left: string, right = 'none'): string[] {
    ran(`pair ${left} ${right}`);
    return [left, right];
  }

  @cached({ minutes: 1, localOnly: true, scope: 'instance' })
  get size(): number {
    ran('size');
    return 7;
  }

  @cached({ minutes: 1, localOnly: true })
  static rate(currency: string): number {
    ran(`rate ${currency}`);
    return 1.1;
  }

  @cached({ minutes: 1 })
  async fails(id: string): Promise<string> {
    ran(`fails ${id}`);
    throw new RangeError(`no ${id}`);
  }

  @invalidates<Catalogue>('title', (id) => [id])
  async rename(id: string, title: string): Promise<string> {
    ran(`rename ${id} ${title}`);
    return title;
  }

  @invalidates<Catalogue>('title', 'all')
  async renameAll(): Promise<void> {
    ran('rename all');
  }

  @invalidates('title', (id: string) => [id])
  async renameBadly(_id: string): Promise<void> {
    throw new Error('refused by the database');
  }
}

afterEach(async () => {
  runs = [];
  await cache.clear();
});

describe('a cached method', () => {
  test('runs once per arguments and returns the same result', async () => {
    const catalogue = new Catalogue();
    expect(await catalogue.title('a')).toBe('title a');
    expect(await catalogue.title('a')).toBe('title a');
    expect(await catalogue.title('b')).toBe('title b');
    expect(runs).toEqual(['title a', 'title b']);
  });

  test('stays synchronous when it is, and shares the reference when asked to', () => {
    const catalogue = new Catalogue();
    const row = catalogue.row(1);
    expect(row).toEqual({ id: 1 });
    expect(catalogue.row(1)).toBe(row);
    expect(runs).toEqual(['row 1']);
  });

  test('gives each caller a copy of its own otherwise', () => {
    const catalogue = new Catalogue();
    const first = catalogue.pair('a', 'b');
    first.push('changed by the first caller');
    const second = catalogue.pair('a', 'b');
    expect(second).toEqual(['a', 'b']);
    second.push('changed by the second caller');
    expect(catalogue.pair('a', 'b')).toEqual(['a', 'b']);
    expect(runs).toEqual(['pair a b']);
  });

  test('takes a trailing undefined for a missing argument, and only that', () => {
    const catalogue = new Catalogue();
    catalogue.pair('a');
    catalogue.pair('a', undefined);
    expect(runs).toEqual(['pair a none']);
    catalogue.pair('a', 'none');
    expect(runs).toHaveLength(2);
  });

  test('may be a getter or a static method', () => {
    const catalogue = new Catalogue();
    expect([catalogue.size, catalogue.size]).toEqual([7, 7]);
    expect([Catalogue.rate('EUR'), Catalogue.rate('EUR'), Catalogue.rate('USD')]).toEqual([1.1, 1.1, 1.1]);
    expect(runs).toEqual(['size', 'rate EUR', 'rate USD']);
  });

  test('fails as the method fails, and is not remembered for it', async () => {
    const catalogue = new Catalogue();
    await expect(catalogue.fails('x')).rejects.toThrow(new RangeError('no x'));
    await expect(catalogue.fails('x')).rejects.toBeInstanceOf(RangeError);
    expect(runs).toEqual(['fails x', 'fails x']);
  });

  test('keeps its name and length', () => {
    expect(Catalogue.prototype.title.name).toBe('title');
    expect(Catalogue.prototype.title).toHaveLength(1);
    expect(Catalogue.prototype.pair).toHaveLength(1);
  });

  test('has the same key in both dialects', () => {
    const catalogue = new Catalogue();
    expect(cacheOf(catalogue).title.key('a')).toBe('both:Catalogue.title:::"a"');
    expect(cacheOf(Catalogue).rate.key('EUR')).toMatch(/^both:Catalogue\.rate::#\d+:"EUR"$/);
  });
});

describe('@invalidates', () => {
  test('declares the entry wrong after success', async () => {
    const catalogue = new Catalogue();
    await catalogue.title('a');
    await catalogue.title('b');
    expect(await catalogue.rename('a', 'A')).toBe('A');
    await catalogue.title('a');
    await catalogue.title('b');
    expect(runs).toEqual(['title a', 'title b', 'rename a A', 'title a']);
  });

  test('can declare all entries wrong', async () => {
    const catalogue = new Catalogue();
    await catalogue.title('a');
    await catalogue.renameAll();
    await catalogue.title('a');
    expect(runs).toEqual(['title a', 'rename all', 'title a']);
  });

  test('does nothing when the method fails', async () => {
    const catalogue = new Catalogue();
    await catalogue.title('a');
    await expect(catalogue.renameBadly('a')).rejects.toThrow('refused by the database');
    await catalogue.title('a');
    expect(runs).toEqual(['title a']);
  });
});

describe('the handle', () => {
  test('peeks, tells, sets, refreshes and invalidates', async () => {
    const { title } = cacheOf(new Catalogue());
    expect(title.peek('a')).toBeUndefined();
    expect(await title.has('a')).toBe(false);
    await title.set(['a'], 'by hand');
    expect(title.peek('a')).toBe('by hand');
    expect(await title.has('a')).toBe(true);
    expect(await title.ttl('a')).toBeGreaterThan(3_590_000);
    expect(await title.refresh('a')).toBe('title a');
    expect(title.peek('a')).toBe('title a');
    expect(await title.invalidate('a')).toEqual({ local: 'done', shared: 'none' });
    expect(title.peek('a')).toBeUndefined();
    expect(title.stats()).toMatchObject({ loads: expect.any(Number) });
  });

  test('refuses a member that is not cached', () => {
    expect(() => cacheOf(new Catalogue()).rename).toThrow(ConfigurationError);
  });
});

describe('cachedFunction', () => {
  test('memoizes and carries the handle', async () => {
    const lookup = cachedFunction(async (sku: string) => ran(`lookup ${sku}`), {
      name: 'stock.lookup',
      minutes: 5,
    });
    expect([await lookup('x'), await lookup('x')]).toEqual(['lookup x', 'lookup x']);
    await lookup.invalidate('x');
    await lookup('x');
    expect(runs).toEqual(['lookup x', 'lookup x']);
    expect(lookup.key('x')).toBe('both:stock.lookup:::"x"');
  });

  test('stays synchronous within the process', () => {
    const square = cachedFunction(
      (n: number) => {
        ran(`square ${n}`);
        return n * n;
      },
      {
        localOnly: true,
        minutes: 1,
      },
    );
    expect([square(3), square(3), square(0), square(-0)]).toEqual([9, 9, 0, 0]);
    expect(runs).toEqual(['square 3', 'square 0', 'square 0']);
  });
});
