/** The ways to a Redis, in the order in which they are tried. */
export const REDIS_SOURCES = ['TEST_REDIS_URL', 'path', 'docker', 'debian'] as const;

export type RedisSource = (typeof REDIS_SOURCES)[number];

/** A server that answers, and how to end it. */
export interface RunningRedis {
  readonly url: string;
  /** Ends what was started. Idempotent; never rejects. */
  stop(): Promise<void>;
}

/** One way to a Redis. Rejects with the reason in one line when it leads nowhere. */
export type RedisFinder = () => Promise<RunningRedis>;

/** A program that serves Redis, and what it needs in its environment. */
export interface RedisBinary {
  /** The path of a `redis-server` or `valkey-server`. */
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
}
