import { describe, expect, jest, test } from '@jest/globals';
import { MemorySharedBackend } from '@recollect/testing';
import { type CacheConfig, ConfigurationError, cacheOf, createCache, UnscopedInstanceError } from 'recollect';

const shared = (more: CacheConfig = {}): CacheConfig => ({ shared: { kind: MemorySharedBackend }, ...more });

describe("scope 'auto' of a local-only method", () => {
  const { cached } = createCache();

  class Counter {
    constructor(private readonly step: number) {}

    @cached({ minutes: 1, localOnly: true })
    next(from: number): number {
      return from + this.step;
    }
  }

  test('is one set of entries per instance', () => {
    const [one, ten] = [new Counter(1), new Counter(10)];
    expect([one.next(5), ten.next(5), one.next(5), ten.next(5)]).toEqual([6, 15, 6, 15]);
    expect(cacheOf(one).next.stats()).toMatchObject({ loads: 2, localHits: 2 });
  });

  test('never crosses between two instances called in turn, a million times', () => {
    const counters = [new Counter(1), new Counter(2)] as const;
    let crossings = 0;
    for (let call = 0; call < 1_000_000; call += 1) {
      const which = call & 1;
      const from = call % 97;
      if ((counters[which] as Counter).next(from) !== from + which + 1) crossings += 1;
    }
    expect(crossings).toBe(0);
  });
});

describe("scope 'auto' of a method on the shared tier", () => {
  const repositoryOn = (config: CacheConfig) => {
    const { cached } = createCache(config);
    class Repository {
      constructor(
        public tenant: string,
        public database: object = {},
      ) {}

      @cached({ minutes: 1 })
      async find(id: string): Promise<string> {
        return `${this.tenant}/${id}`;
      }
    }
    return Repository;
  };

  test('shares entries among instances that are alike', async () => {
    const Repository = repositoryOn(shared());
    const database = {};
    const [one, two] = [new Repository('a', database), new Repository('a', database)];
    expect([await one.find('1'), await two.find('1')]).toEqual(['a/1', 'a/1']);
    expect(cacheOf(one).find.stats()).toMatchObject({ loads: 1, localHits: 1 });
  });

  test('refuses a second instance that differs, and says in what', async () => {
    const Repository = repositoryOn(shared());
    await new Repository('a').find('1');
    const refused = new Repository('b').find('1');
    await expect(refused).rejects.toBeInstanceOf(UnscopedInstanceError);
    await expect(refused).rejects.toThrow(/tenant, database.*scope: \(self\) => identity/s);
  });

  test('refuses an instance that has come to differ since', async () => {
    const Repository = repositoryOn(shared());
    const database = {};
    const [one, two] = [new Repository('a', database), new Repository('a', database)];
    await one.find('1');
    await two.find('1');
    one.tenant = 'b';
    await expect(one.find('2')).rejects.toBeInstanceOf(UnscopedInstanceError);
  });

  test('in production passes such a call to the method, counts it and warns once', async () => {
    const warning = jest.fn();
    const bypass = jest.fn();
    const Repository = repositoryOn(shared({ production: true, observer: { warning, bypass } }));
    const [one, two] = [new Repository('a'), new Repository('b')];
    expect(await one.find('1')).toBe('a/1');
    expect([await two.find('1'), await two.find('1')]).toEqual(['b/1', 'b/1']);
    expect(await one.find('1')).toBe('a/1');
    expect(cacheOf(one).find.stats()).toMatchObject({ loads: 1, bypasses: 2 });
    expect(warning).toHaveBeenCalledTimes(1);
    expect(bypass).toHaveBeenCalledWith('Repository.find', 'unscoped-instance');
  });

  test('counts private state as a difference', async () => {
    const { cached } = createCache(shared());
    class Sealed {
      readonly #tenant: string;

      constructor(tenant: string) {
        this.#tenant = tenant;
      }

      @cached({ minutes: 1 })
      async find(id: string): Promise<string> {
        return `${this.#tenant}/${id}`;
      }
    }
    expect(await new Sealed('a').find('1')).toBe('a/1');
    await expect(new Sealed('b').find('1')).rejects.toThrow(/private state/);
  });
});

describe('a scope function', () => {
  test('keeps tenants apart, a million calls in turn, even when an instance changes its tenant', () => {
    const { cached } = createCache();
    class Tenant {
      constructor(public id: string) {}

      @cached({ minutes: 1, localOnly: true, scope: (self: Tenant) => self.id })
      read(row: number): string {
        return `${this.id}:${row}`;
      }
    }
    const tenants = [new Tenant('a.b'), new Tenant('a_b')] as const;
    let crossings = 0;
    for (let call = 0; call < 1_000_000; call += 1) {
      const tenant = tenants[call & 1] as Tenant;
      if (call % 1_000 === 0) tenant.id = tenant.id === 'a.b' ? 'a_b' : 'a.b';
      if (tenant.read(call % 7) !== `${tenant.id}:${call % 7}`) crossings += 1;
    }
    expect(crossings).toBe(0);
  });

  test('keeps concurrent loads of tenants apart, too', async () => {
    const { cached } = createCache(shared());
    class Tenant {
      constructor(readonly id: string) {}

      @cached({ minutes: 1, scope: (self: Tenant) => self.id })
      async read(row: number): Promise<string> {
        return `${this.id}:${row}`;
      }
    }
    const tenants = [new Tenant('a'), new Tenant('b'), new Tenant('a:b')];
    const results = await Promise.all(
      Array.from({ length: 3_000 }, (_, call) => (tenants[call % 3] as Tenant).read(call % 5)),
    );
    results.forEach((result, call) => {
      expect(result).toBe(`${(tenants[call % 3] as Tenant).id}:${call % 5}`);
    });
  });
});

describe('the declaring class', () => {
  const { cached } = createCache(shared());

  class Animal {
    @cached({ minutes: 1 })
    async sound(volume: number): Promise<string> {
      return `animal ${volume}`;
    }

    @cached({ minutes: 1, scope: 'class' })
    async legs(): Promise<number> {
      return 4;
    }
  }

  class Horse extends Animal {
    @cached({ minutes: 1 })
    override async sound(volume: number): Promise<string> {
      return `horse and ${await super.sound(volume)}`;
    }
  }

  class Goose extends Animal {
    @cached({ minutes: 1 })
    override async sound(volume: number): Promise<string> {
      return `goose ${volume}`;
    }
  }

  test('keeps an override, its base and its siblings apart', async () => {
    const [horse, goose] = [new Horse(), new Goose()];
    expect(await horse.sound(1)).toBe('horse and animal 1');
    expect(await goose.sound(1)).toBe('goose 1');
    expect(await horse.sound(1)).toBe('horse and animal 1');
    expect(cacheOf(horse).sound.key(1)).toBe('recollect:Horse.sound:::1');
    expect(cacheOf(goose).sound.key(1)).toBe('recollect:Goose.sound:::1');
  });

  test('names an inherited method, whoever calls it', async () => {
    expect(await new Goose().legs()).toBe(4);
    expect(cacheOf(new Horse()).legs.key()).toBe('recollect:Animal.legs:::');
  });

  test('is found for a detached method and behind another wrapper', async () => {
    const log = <A extends unknown[], R>(method: (this: Animal, ...args: A) => R, _context: unknown) =>
      function (this: Animal, ...args: A): R {
        return method.apply(this, args);
      };
    class Logged extends Animal {
      @log
      @cached({ minutes: 1 })
      async outer(id: number): Promise<number> {
        return id;
      }
    }
    const logged = new Logged();
    expect(await logged.outer(1)).toBe(1);
    expect(cacheOf(logged).outer.peek(1)).toBe(1);
    const { legs } = new Animal();
    expect(await legs.call(new Animal())).toBe(4);
  });
});

describe('names', () => {
  const { cached, cachedFunction } = createCache(shared());

  test('two sites of one name are refused', () => {
    cachedFunction(async () => 1, { name: 'twice', minutes: 1 });
    expect(() => cachedFunction(async () => 2, { name: 'twice', minutes: 1 })).toThrow(ConfigurationError);
  });

  test('a name that looks minified is refused for the shared tier, and harmless within the process', () => {
    const far = class e {
      @cached({ minutes: 1 })
      async find(id: number): Promise<number> {
        return id;
      }
    };
    expect(() => new far()).toThrow(/'e\.find'.*minifier/);
    // Two of one name, as a minifier makes them, each within the process.
    const near = () =>
      class e {
        @cached({ minutes: 1, localOnly: true, scope: 'class' })
        near(id: number): object {
          return { id };
        }
      };
    const [One, Two] = [near(), near()];
    const [one, two] = [new One(), new Two()];
    expect([one.near(1), two.near(1)]).toEqual([{ id: 1 }, { id: 1 }]);
    expect(cacheOf(one).near.key(1)).not.toBe(cacheOf(two).near.key(1));
  });

  test('private and symbol-named methods need one', () => {
    const key = Symbol('key');
    expect(() => {
      class Unnamed {
        @cached({ minutes: 1, localOnly: true })
        [key](): number {
          return 1;
        }
      }
      return Unnamed;
    }).toThrow(/option name/);
    class Named {
      @cached({ minutes: 1, localOnly: true, name: 'Named.hidden' })
      #hidden(id: number): object {
        return { id };
      }

      read(id: number): object {
        return this.#hidden(id);
      }
    }
    const named = new Named();
    named.read(1);
    expect(named.read(1)).toEqual({ id: 1 });
  });

  test('generators, setters and fields are refused', () => {
    const decorate = cached({ minutes: 1, localOnly: true }) as unknown as (...args: unknown[]) => unknown;
    const context = (kind: string) => ({
      kind,
      name: 'x',
      private: false,
      static: false,
      addInitializer() {},
    });
    for (const kind of ['setter', 'field', 'accessor', 'class']) {
      expect(() => decorate(() => 1, context(kind))).toThrow(ConfigurationError);
    }
    expect(() => decorate(function* () {}, context('method'))).toThrow(/generator/);
    expect(() => decorate({}, 'x', undefined)).toThrow(ConfigurationError);
    expect(() => decorate({}, 'x', { set() {} })).toThrow(ConfigurationError);
  });
});
