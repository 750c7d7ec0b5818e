import { redis } from '@recollect/redis';
import { createClient } from '@redis/client';
import { type AtomicStore, createCache, type Lease } from 'recollect';
import { answerBy } from '../child.js';
import { customerOf } from '../customer.js';

/** The store of leases by either mechanism, or the same commands sent by node-redis itself, which is as fast as it gets. */
export type CommitContender = 'watch' | 'lua' | 'node-redis, WATCH' | 'node-redis, EVALSHA';

export interface CommitRound {
  readonly commits: number;
}

const AT_A_TIME = 64;
/** As many as the store opens for WATCH. */
const CONNECTIONS = 8;
const DATA = Buffer.from(JSON.stringify(customerOf(1)));
const LIFE_MS = 600_000;
const SCRIPT = `
local there = redis.call('GET', KEYS[2])
if not there or string.sub(there, 1, #ARGV[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
redis.call('UNLINK', KEYS[2], KEYS[3])
redis.call('PUBLISH', ARGV[4], '')
return 1`;

/** Takes leases, which is not timed, and then commits under them. */
export interface CommitWork {
  prepare(ids: readonly number[]): Promise<unknown>;
  /** @returns whether it was stored. */
  commit(id: number): Promise<boolean>;
}

/** Commits 64 at a time, each under a lease of its own; answers with the milliseconds it took. */
export async function committer(contender: CommitContender, url: string): Promise<void> {
  const work = await (contender.startsWith('node-redis') ? raw(contender, url) : store(contender, url));
  let made = 0;
  answerBy(async ({ commits }: CommitRound): Promise<number> => {
    const ids = Array.from({ length: commits }, () => made++);
    await work.prepare(ids);
    const start = performance.now();
    const lane = async (from: number): Promise<void> => {
      for (let at = from; at < commits; at += AT_A_TIME) {
        if (!(await work.commit(ids[at] as number))) throw new Error('a commit was lost');
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, (_, from) => lane(from)));
    return performance.now() - start;
  });
}

async function store(contender: CommitContender, url: string): Promise<CommitWork> {
  const mechanism = contender === 'watch' ? 'watch' : 'lua';
  const shared = { kind: 'RedisCacheAtomic', url, mechanism, deadlineMs: 10_000 } as const;
  const atomic = createCache({ shared, use: [redis()] }).sharedTier?.atomic as AtomicStore;
  const leases = new Map<number, Lease>();
  const claim = async (id: number): Promise<void> => {
    const outcome = await atomic.claim({
      key: `commits:${mechanism}:${id}`,
      mode: 'at_least_once',
      token: id.toString(16).padStart(32, '0'),
      epoch: '',
      leaseMs: LIFE_MS,
      retentionMs: LIFE_MS,
      ignore: undefined,
      supersede: undefined,
      numbered: false,
    });
    if (outcome.kind !== 'granted') throw new Error(`a claim was ${outcome.kind}`);
    leases.set(id, outcome.lease);
  };
  return {
    prepare: async (ids) => {
      for (let from = 0; from < ids.length; from += AT_A_TIME)
        await Promise.all(ids.slice(from, from + AT_A_TIME).map(claim));
    },
    commit: async (id) => {
      const lease = leases.get(id) as Lease;
      leases.delete(id);
      return (await atomic.commit(lease, { key: lease.key, data: DATA, ttlMs: LIFE_MS })) === 'stored';
    },
  };
}

async function raw(contender: CommitContender, url: string): Promise<CommitWork> {
  const connect = () => createClient({ url, commandOptions: { timeout: 0 } }).connect();
  const shared = await connect();
  const keysOf = (id: number): [string, string, string] => [
    `raw:${id}`,
    `{raw:${id}}@lease`,
    `{raw:${id}}@alive`,
  ];
  const prepare = (ids: readonly number[]) =>
    Promise.all(ids.map((id) => shared.set(keysOf(id)[1], `L ${id}`, { PX: LIFE_MS })));
  const channel = (id: number): string => `{raw:${id}}@news`;
  if (contender === 'node-redis, EVALSHA') {
    const sha = await shared.scriptLoad(SCRIPT);
    const commit = async (id: number): Promise<boolean> => {
      const args = [`L ${id}`, DATA, String(LIFE_MS), channel(id)];
      return (await shared.sendCommand<number>(['EVALSHA', sha, '3', ...keysOf(id), ...args])) === 1;
    };
    return { prepare, commit };
  }
  type Client = typeof shared;
  const free: Client[] = [];
  for (let each = 0; each < CONNECTIONS; each += 1) free.push(await connect());
  const waiting: ((client: Client) => void)[] = [];
  const watched = async (client: Client, id: number): Promise<boolean> => {
    const [record, lease, heartbeat] = keysOf(id);
    const [, there] = await Promise.all([client.watch(lease), client.get(lease)]);
    if (there !== `L ${id}`) return false;
    const commands = [
      ['MULTI'],
      ['SET', record, DATA, 'PX', String(LIFE_MS)],
      ['UNLINK', lease, heartbeat],
      ['PUBLISH', channel(id), ''],
      ['EXEC'],
    ];
    const replies = await Promise.all(commands.map((command) => client.sendCommand(command)));
    return replies.at(-1) !== null;
  };
  const commit = async (id: number): Promise<boolean> => {
    const client = free.pop() ?? (await new Promise<Client>((resolve) => waiting.push(resolve)));
    try {
      return await watched(client, id);
    } finally {
      const next = waiting.shift();
      if (next === undefined) free.push(client);
      else next(client);
    }
  };
  return { prepare, commit };
}
