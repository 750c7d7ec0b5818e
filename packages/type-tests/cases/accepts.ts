import {
  type CachedOptions,
  CacheError,
  cached,
  cachedFunction,
  cacheOf,
  createCache,
  type Duration,
  invalidates,
  TTL,
} from 'recollect';

interface User {
  readonly id: string;
  readonly name: string;
}

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Compiles when the type argument is `true`. */
const holds = <Fact extends true>(fact?: Fact): unknown => fact;

const bySymbol = Symbol('by symbol');

export class Options {
  readonly tenant: string = 'acme';

  @cached()
  async defaults(): Promise<number> {
    return 1;
  }

  @cached({ hours: 1, minutes: 30 })
  async unitWords(): Promise<number> {
    return 1;
  }

  @cached(TTL.FIFTEEN_MINUTES)
  async preset(): Promise<number> {
    return 1;
  }

  @cached({
    ttl: '1h30m',
    name: 'options.text',
    version: 2,
    nullTtl: '5s',
    local: { ttl: 500 },
    serializer: 'json',
  })
  async text(): Promise<User | undefined> {
    return undefined;
  }

  @cached({ ttl: (user: User) => ({ seconds: user.name.length }) })
  async lifeFromResult(id: string): Promise<User> {
    return { id, name: id };
  }

  @cached<[id: string, depth: number], User>({
    ttl: (user, [id, depth]) => (user.id === id ? depth : 0),
    key: (id) => [id],
    unless: (user, [id]) => user.name === id,
  })
  async typeArguments(id: string, depth: number): Promise<User> {
    return { id, name: String(depth) };
  }

  @cached({ minutes: 1, key: (id: string) => [id.toLowerCase()] })
  async keyParts(id: string, _trace: object): Promise<User> {
    return { id, name: id };
  }

  @cached({ minutes: 1, key: [0] })
  async keyPositions(id: string, _trace: object): Promise<User> {
    return { id, name: id };
  }

  @cached({ minutes: 1, scope: (self: Options) => self.tenant })
  async scoped(): Promise<string> {
    return this.tenant;
  }

  @cached({ minutes: 1, scope: 'class', sharedOnly: true })
  async sharedOnly(): Promise<string> {
    return '';
  }

  @cached({ minutes: 1, localOnly: true, noSerialization: true })
  async localPromise(): Promise<Map<string, User>> {
    return new Map();
  }
}

export class Members {
  @cached({ minutes: 1, localOnly: true })
  sync(a: number, b?: string, ...rest: boolean[]): number {
    return a + (b?.length ?? 0) + rest.length;
  }

  @cached({ minutes: 1, localOnly: true })
  get syncGetter(): number {
    return 1;
  }

  @cached({ minutes: 1 })
  get asyncGetter(): Promise<number> {
    return Promise.resolve(1);
  }

  @cached({ minutes: 1 })
  static async found(id: string): Promise<User> {
    return { id, name: id };
  }

  @cached({ minutes: 1, localOnly: true })
  static syncStatic(): number {
    return 1;
  }

  @cached({ minutes: 1, localOnly: true })
  async maybe(): Promise<undefined | null | 0 | ''> {
    return null;
  }

  @cached({ minutes: 1, localOnly: true })
  valueOrPromise(id: string): User | Promise<User> {
    return { id, name: id };
  }

  @cached({ minutes: 1 })
  async nothing(): Promise<void> {}

  @cached({ minutes: 1 })
  async untyped(text: string) {
    return JSON.parse(text);
  }

  @cached({ minutes: 1 })
  async unknown(text: string): Promise<unknown> {
    return JSON.parse(text);
  }

  @cached({ minutes: 1 })
  async fails(): Promise<never> {
    throw new Error('always');
  }

  @cached({ minutes: 1 })
  async unbounded<T>(value: T): Promise<T> {
    return value;
  }

  @cached({ minutes: 1, key: (first: string) => [first] })
  async rest(first: string, ...others: string[]): Promise<string[]> {
    return [first, ...others];
  }

  @cached({ minutes: 1, key: (...all: string[]) => all })
  async onlyRest(...all: string[]): Promise<string[]> {
    return all;
  }

  @cached({ minutes: 1, key: (id?: string) => [id] })
  async optional(id?: string): Promise<string> {
    return id ?? '';
  }

  @cached({ minutes: 1 })
  async collections(): Promise<readonly [string[], Map<string, number>, Set<number>, Uint8Array]> {
    return [[], new Map(), new Set(), new Uint8Array()];
  }

  @cached({ minutes: 1 })
  async list(): Promise<readonly User[]> {
    return [];
  }

  @cached({ minutes: 1 })
  async generic<T extends User>(user: T): Promise<T> {
    return user;
  }

  @cached({ minutes: 1 })
  async [bySymbol](id: string): Promise<User> {
    return { id, name: id };
  }

  @cached({ minutes: 1 })
  protected async kept(id: string): Promise<User> {
    return { id, name: id };
  }

  async overloaded(id: string): Promise<User>;
  async overloaded(id: number, exact: boolean): Promise<User[]>;
  @cached({ minutes: 1 })
  async overloaded(id: string | number, _exact?: boolean): Promise<User | User[]> {
    return { id: String(id), name: '' };
  }

  @cached({ minutes: 1 })
  async ownThis(this: Members, id: string): Promise<User> {
    return this.kept(id);
  }
}

abstract class Repository<Row extends User> {
  abstract find(id: string): Promise<Row>;

  @cached({ minutes: 1 })
  async one(id: string): Promise<Row> {
    return this.find(id);
  }

  @cached({ minutes: 1, key: (row: User) => [row.id], unless: (row: User) => row.name === '' })
  async stored(row: Row): Promise<Row> {
    return row;
  }

  @cached({ minutes: 1, localOnly: true, noSerialization: true })
  itself(): this {
    return this;
  }
}

export class Users extends Repository<User> {
  @cached({ minutes: 5 })
  override async find(id: string): Promise<User> {
    return { id, name: id };
  }

  @cached({ minutes: 1 })
  @invalidates('one')
  override async one(id: string): Promise<User> {
    return super.one(id);
  }
}

const shared: CachedOptions = { minutes: 5 };
const local = { minutes: 5, localOnly: true } as const;
const own = createCache();

export class Elsewhere {
  @cached(shared)
  async sharedOptions(): Promise<number> {
    return 1;
  }

  @cached(local)
  localOptions(): number {
    return 1;
  }

  @own.cached({ ...shared, hours: 1 })
  async ownCache(id: string): Promise<string> {
    return id;
  }

  @own.invalidates('ownCache')
  async write(id: string): Promise<string> {
    return id;
  }
}

export class Writes {
  @cached({ minutes: 1 })
  async byId(id: string): Promise<User> {
    return { id, name: id };
  }

  @invalidates('byId')
  async touch(_id: string): Promise<void> {}

  @invalidates('byId', 'all')
  clear(): void {}

  @invalidates('byId', (user: User) => [user.id])
  async rename(user: User, name: string): Promise<User> {
    return { ...user, name };
  }

  @invalidates<Writes>('byId', (user: User) => [user.id])
  async checkedName(user: User): Promise<User> {
    return user;
  }

  @invalidates<Writes, [user: User, name: string]>('byId', (user) => [user.id])
  async checkedArguments(user: User, name: string): Promise<User> {
    return { ...user, name };
  }
}

const members = new Members();
const writes = new Writes();

// The types of the members are those they were written with.
holds<Same<Members['sync'], (a: number, b?: string, ...rest: boolean[]) => number>>();
holds<Same<Members['syncGetter'], number>>();
holds<Same<Members['generic'], <T extends User>(user: T) => Promise<T>>>();
holds<Same<(typeof Members)['found'], (id: string) => Promise<User>>>();
export const one: Promise<User> = members.overloaded('u1');
export const row: Promise<User> = new Users().one('u1');
export const itself: Users = new Users().itself();
export const many: Promise<User[]> = members.overloaded(1, true);

const handles = cacheOf(writes);
holds<Same<Parameters<typeof handles.byId.invalidate>, [id: string]>>();
holds<Same<ReturnType<typeof handles.byId.refresh>, Promise<User>>>();
holds<Same<ReturnType<typeof handles.byId.peek>, User | undefined>>();
export async function operate(): Promise<void> {
  await handles.byId.invalidate('u1');
  await handles.byId.invalidateAll();
  await handles.byId.set(['u1'], { id: 'u1', name: 'Ada' });
  const left: number | undefined = await handles.byId.ttl('u1');
  const there: boolean = await handles.byId.has('u1');
  const key: string | undefined = handles.byId.key('u1');
  const now: number | undefined = cacheOf(members).syncGetter.peek();
  await cacheOf(Members).found.invalidate('u1');
  holds<
    Same<
      [typeof left, typeof there, typeof key, typeof now],
      [number | undefined, boolean, string | undefined, number | undefined]
    >
  >();
}

const load = cachedFunction(async (id: string, depth = 1): Promise<User> => ({ id, name: String(depth) }), {
  name: 'user.load',
  minutes: 1,
  ttl: (user) => user.name.length,
  unless: (user, [id]) => user.id === id,
});
const double = cachedFunction((n: number) => n * 2, { localOnly: true, minutes: 1 });
export const loaded: Promise<User> = load('u1', 2);
export const doubled: number = double(2);
export const removed = load.invalidate('u1');

export const lives: Duration[] = [TTL.ONE_DAY, '5m', 250, { hours: 0.5 }];
export const known = (error: unknown): string => (CacheError.is(error) ? error.code : '');
