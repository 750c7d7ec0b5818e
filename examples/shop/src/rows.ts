import type { CacheConfig } from 'recollect';

/** One line of the table: a configuration, and where the shop runs under it. */
export interface Row {
  readonly label: string;
  readonly config: CacheConfig;
  /** 0: in the demo's own process, beside the database. Else so many shop processes at once, which ask it from outside. */
  readonly processes: 0 | 1 | 2;
  /** What must have been remembered when the row begins. */
  readonly starts: 'cold' | 'warm';
  /** How many entries of the traffic the configuration remembers: none, or all of them. */
  readonly remembers: 'nothing' | 'everything';
}

/** What the rows need from outside. */
export interface Places {
  /** An empty directory. */
  readonly directory: string;
  readonly redisUrl: string | undefined;
  /** Not used before in that Redis. */
  readonly namespace: string;
}

/** More entries than the longest traffic has, so that none is evicted. */
const threshold = 20_000;

/** The reference everything is compared with. */
export const UNCACHED: CacheConfig = { local: { kind: 'NullCache' } };

export function rows({ directory, redisUrl, namespace }: Places): readonly Row[] {
  const here = { processes: 0, starts: 'cold', remembers: 'everything' } as const;
  const onDisk: CacheConfig = {
    namespace,
    local: { kind: 'SimpleCache', threshold },
    shared: { kind: 'FileSystemCache', directory, threshold },
  };
  const single: Row[] = [
    { ...here, label: 'NullCache (no cache)', config: UNCACHED, remembers: 'nothing' },
    { ...here, label: 'SimpleCache', config: { namespace, local: { kind: 'SimpleCache', threshold } } },
    {
      ...here,
      label: 'SimpleCacheNoSerializer',
      config: { namespace, local: { kind: 'SimpleCacheNoSerializer', threshold } },
    },
    { ...here, label: 'FileSystemCache *', config: onDisk, processes: 1 },
    { ...here, label: '  after a restart *', config: onDisk, processes: 1, starts: 'warm' },
  ];
  if (redisUrl === undefined) return single;
  // No local tier here: what one process sells the other must see at once.
  const inRedis: CacheConfig = {
    namespace,
    local: { kind: 'NullCache' },
    shared: { kind: 'RedisCacheNoExceptions', url: redisUrl },
  };
  return [...single, { ...here, label: 'Redis, two processes *', config: inRedis, processes: 2 }];
}
