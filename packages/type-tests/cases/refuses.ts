import { type CacheErrorCode, cached, cachedFunction, cacheOf, invalidates, TTL } from 'recollect';

interface User {
  readonly id: string;
  readonly name: string;
}
interface Stream {
  pipe<To>(to: To): To;
}
interface WebStream {
  getReader(): unknown;
}

export class NotAPromise {
  // @ts-expect-error 1270: a plain value stays synchronous, so only localOnly can hold it
  @cached({ minutes: 1 })
  sync(id: string): User {
    return { id, name: id };
  }

  // @ts-expect-error 1270: the default options are not local either
  @cached()
  defaults(): number {
    return 1;
  }

  // @ts-expect-error 1270: said to be not local
  @cached({ minutes: 1, localOnly: false })
  notLocal(): number {
    return 1;
  }

  // @ts-expect-error 1270: a getter is a method here
  @cached({ minutes: 1 })
  get getter(): number {
    return 1;
  }

  // @ts-expect-error 1270: static ones too
  @cached({ minutes: 1 })
  static fixed(): number {
    return 1;
  }

  // @ts-expect-error 1270: perhaps a promise is not enough
  @cached({ minutes: 1 })
  perhaps(id: string): User | Promise<User> {
    return { id, name: id };
  }
}

export class OneShot {
  // @ts-expect-error 1270: a generator is used up by the first who reads it
  @cached({ minutes: 1, localOnly: true })
  *generator(): Generator<number> {
    yield 1;
  }

  // @ts-expect-error 1270: an asynchronous one as well
  @cached({ minutes: 1, localOnly: true })
  async *asyncGenerator(): AsyncGenerator<number> {
    yield 1;
  }

  // @ts-expect-error 1270: an iterator
  @cached({ minutes: 1, localOnly: true })
  iterator(): IterableIterator<number> {
    return new Set<number>().values();
  }

  // @ts-expect-error 1270: the promise of something that can only be read once
  @cached({ minutes: 1 })
  async promised(): Promise<AsyncIterable<number>> {
    throw new Error('never called');
  }

  // @ts-expect-error 1270: a stream of Node
  @cached({ minutes: 1 })
  async stream(): Promise<Stream> {
    throw new Error('never called');
  }

  // @ts-expect-error 1270: a stream of the web
  @cached({ minutes: 1, localOnly: true })
  webStream(): WebStream {
    throw new Error('never called');
  }
}

export class NotAMethod {
  // @ts-expect-error 1240: a field
  @cached({ minutes: 1 })
  field = 1;

  // @ts-expect-error 1241: a setter returns nothing
  @cached({ minutes: 1 })
  set setter(_value: number) {}
}

// @ts-expect-error 1238: a class
@cached({ minutes: 1 })
export class Whole {}

export class Misspelt {
  // @ts-expect-error 2769: no such mode
  @cached({ minutes: 1, atomicWrites: 'exactly_once' })
  async atomicWrites(): Promise<number> {
    return 1;
  }

  // @ts-expect-error 2769: not an option
  @cached({ minutes: 1, tags: ['user'] })
  async tags(): Promise<number> {
    return 1;
  }

  // @ts-expect-error 2769: the plural is meant
  @cached({ minute: 1 })
  async minute(): Promise<number> {
    return 1;
  }

  // @ts-expect-error 2769: a number is meant
  @cached({ minutes: '5' })
  async text(): Promise<number> {
    return 1;
  }

  // @ts-expect-error 2769: no such scope
  @cached({ minutes: 1, scope: 'tenant' })
  async scope(): Promise<number> {
    return 1;
  }

  // @ts-expect-error 2769: positions, not names
  @cached({ minutes: 1, key: ['id'] })
  async key(id: string): Promise<string> {
    return id;
  }

  // @ts-expect-error 2769: one level too deep
  @cached({ minutes: 1, local: { minutes: 1 } })
  async local(): Promise<number> {
    return 1;
  }
}

export class WrongCallback {
  // @ts-expect-error 1270: the result is a User
  @cached({ ttl: (result: number) => result })
  async ttl(id: string): Promise<User> {
    return { id, name: id };
  }

  // @ts-expect-error 1270: the argument is a text
  @cached({ minutes: 1, key: (id: number) => [id] })
  async key(id: string): Promise<User> {
    return { id, name: id };
  }

  // @ts-expect-error 1270: the result is a User
  @cached({ minutes: 1, unless: (result: string) => result === '' })
  async unless(id: string): Promise<User> {
    return { id, name: id };
  }

  // @ts-expect-error 1270: the argument may be missing
  @cached({ minutes: 1, key: (id: string) => [id.length] })
  async optional(id?: string): Promise<User> {
    return { id: id ?? '', name: '' };
  }

  // @ts-expect-error 1270: the argument may be another text
  @cached({ minutes: 1, key: (id: 'admin') => [id] })
  async narrow(id: string): Promise<User> {
    return { id, name: id };
  }

  // @ts-expect-error 1270: there is no second argument
  @cached({ minutes: 1, key: (id: string, depth: number) => [id, depth] })
  async more(id: string): Promise<User> {
    return { id, name: id };
  }

  // @ts-expect-error 1270: another class
  @cached({ minutes: 1, scope: (self: Whole & { tenant: string }) => self.tenant })
  async scope(id: string): Promise<User> {
    return { id, name: id };
  }
}

export class Service {
  readonly field: string = '';

  @cached({ minutes: 1 })
  async byId(id: string): Promise<User> {
    return { id, name: id };
  }

  @cached({ minutes: 1, localOnly: true })
  count(of: number): number {
    return of;
  }

  // @ts-expect-error 2345: no such method
  @invalidates<Service>('byID')
  async misspelt(): Promise<void> {}

  // @ts-expect-error 2345: not a method
  @invalidates<Service>('field')
  async notAMethod(): Promise<void> {}

  // @ts-expect-error 2345: the id is a text
  @invalidates<Service>('byId', () => [1])
  async wrongParts(): Promise<void> {}

  // @ts-expect-error 2345: the id is missing
  @invalidates<Service>('byId', () => [])
  async missingParts(): Promise<void> {}

  // @ts-expect-error 1270: this method takes a text
  @invalidates('byId', (user: User) => [user.id])
  async wrongArguments(_id: string): Promise<void> {}

  // @ts-expect-error 2769: 'all' is the only word
  @invalidates('byId', 'each')
  async wrongWord(): Promise<void> {}
}

const service = new Service();
const handles = cacheOf(service);

// @ts-expect-error 2345: the parameters are kept
service.byId(1);
// @ts-expect-error 2554: and their number
service.count();
// @ts-expect-error 2322: and the result
export const text: Promise<string> = service.byId('u1');
// @ts-expect-error 2322: a synchronous method stays one
export const promise: Promise<number> = service.count(1);

// @ts-expect-error 2345: a handle takes the arguments of the method
handles.byId.invalidate(1);
// @ts-expect-error 2554: all of them
handles.byId.refresh();
// @ts-expect-error 2551: not a member
handles.byID;
// @ts-expect-error 2345: not a result of the method
handles.byId.set(['u1'], 'Ada');
// @ts-expect-error 2322: there may be none
export const peeked: User = handles.byId.peek('u1');
// @ts-expect-error 2339: handles say what they do
handles.byId.clear();

// @ts-expect-error 2769: a plain value needs localOnly
cachedFunction((n: number) => n, { name: 'n', minutes: 1 });
// @ts-expect-error 2769: a shared function needs a name
cachedFunction(async (n: number) => n, { minutes: 1 });
// @ts-expect-error 2769: a function has no instance to be scoped to
cachedFunction(async (n: number) => n, { name: 'n', minutes: 1, scope: 'class' });
// @ts-expect-error 2769: not an option
cachedFunction(async (n: number) => n, { name: 'n', minutes: 1, tags: [] });
// @ts-expect-error 2769: the argument is a number
cachedFunction(async (n: number) => n, { name: 'n', key: (id: string) => [id] });
const squared = cachedFunction((n: number) => n * n, { localOnly: true, minutes: 1 });
// @ts-expect-error 2345: the parameters are kept
squared('2');
// @ts-expect-error 2345: on the members as well
squared.invalidate('2');

// @ts-expect-error 2540: a preset is not to be changed
TTL.ONE_DAY = { days: 2 };
// @ts-expect-error 2322: not a code
export const code: CacheErrorCode = 'ERR_NO_SUCH';
