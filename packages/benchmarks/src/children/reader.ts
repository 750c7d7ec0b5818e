import { redis } from '@recollect/redis';
import { createClient } from '@redis/client';
import { createCache } from 'recollect';
import { answerBy } from '../child.js';
import { type Customer, customerOf } from '../customer.js';

/** How reads overlap: one after the other, so many at any time, or so many issued in one tick. */
export type Overlap = 'sequential' | '64 at a time' | '1,000 at once';

export interface Round {
  readonly overlap: Overlap;
  readonly calls: number;
}

export interface RoundResult {
  readonly ms: number;
  /** Of this process, in and for it: says more than `ms` where others want the processors as well. */
  readonly cpuMs: number;
  /** Checksum of the values. */
  readonly sum: number;
  /** How many of them were not read but made: 0, or the round says nothing. */
  readonly loads: number;
}

/** What is read by: node-redis with its own options, with its time limit off, or a decorated method. */
export type Contender = 'node-redis' | 'node-redis, timeout: 0' | 'recollect';

const KEYS = 1_000;
const customers = (call: number): number => (call * 7) % KEYS;

interface Reader {
  read(id: number): Promise<Customer>;
  loads(): number;
}

/** Reads the same thousand records in one of three ways; the raw clients parse the JSON they get. */
export async function reader(contender: Contender, url: string): Promise<void> {
  const { read, loads } = contender === 'recollect' ? await decorated(url) : await raw(contender, url);
  answerBy(async ({ overlap, calls }: Round): Promise<RoundResult> => {
    const loadsBefore = loads();
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    const sum = await OVERLAPS[overlap](read, calls);
    const { user, system } = process.cpuUsage(cpu);
    return {
      ms: performance.now() - start,
      cpuMs: (user + system) / 1_000,
      sum,
      loads: loads() - loadsBefore,
    };
  });
}

const OVERLAPS: Record<Overlap, (read: Reader['read'], calls: number) => Promise<number>> = {
  sequential: (read, calls) => lane(read, 0, 1, calls),
  '64 at a time': async (read, calls) => {
    const lanes = Array.from({ length: 64 }, (_, at) => lane(read, at, 64, calls));
    return (await Promise.all(lanes)).reduce((sum, part) => sum + part, 0);
  },
  '1,000 at once': async (read, calls) => {
    let sum = 0;
    for (let from = 0; from < calls; from += KEYS) {
      const burst = Array.from({ length: KEYS }, (_, at) => read(customers(from + at)));
      for (const { id } of await Promise.all(burst)) sum += id;
    }
    return sum;
  },
};

async function lane(read: Reader['read'], from: number, step: number, calls: number): Promise<number> {
  let sum = 0;
  for (let call = from; call < calls; call += step) sum += (await read(customers(call))).id;
  return sum;
}

async function raw(contender: Contender, url: string): Promise<Reader> {
  const withoutTimeout = contender === 'node-redis' ? {} : { commandOptions: { timeout: 0 } };
  const client = createClient({ url, ...withoutTimeout });
  await client.connect();
  const keyOf = (id: number): string => `raw:Customers.find:${id}`;
  for (let id = 0; id < KEYS; id += 1) await client.set(keyOf(id), JSON.stringify(customerOf(id)));
  return {
    read: async (id) => JSON.parse((await client.get(keyOf(id))) as string) as Customer,
    loads: () => 0,
  };
}

async function decorated(url: string): Promise<Reader> {
  // What a busy machine does to deadlines is not measured here.
  const shared = { kind: 'RedisCache', url, deadlineMs: 5_000 } as const;
  const cache = createCache({ namespace: 'shop', shared, use: [redis()] });
  let loads = 0;
  class Customers {
    @cache.cached({ hours: 1, sharedOnly: true, name: 'Customers.find' })
    async find(id: number): Promise<Customer> {
      loads += 1;
      return customerOf(id);
    }
  }
  const customers = new Customers();
  for (let id = 0; id < KEYS; id += 1) await customers.find(id);
  await cache.settled();
  return { read: (id) => customers.find(id), loads: () => loads };
}
