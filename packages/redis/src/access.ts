import type { AnyRedisClientOptions } from '@redis/client';

/** What node-redis needs to know to reach and enter a server. */
export type Access = Pick<
  AnyRedisClientOptions,
  'socket' | 'username' | 'password' | 'credentialsProvider' | 'database' | 'name' | 'RESP'
>;

/** As much of a node-redis client as is read of it. */
export interface RedisClientTemplate {
  readonly options: Access & Pick<AnyRedisClientOptions, 'keyPrefix'>;
}
