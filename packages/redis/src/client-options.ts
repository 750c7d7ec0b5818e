import { type AnyRedisClientOptions, RESP_TYPES } from '@redis/client';
import type { RedisTarget } from './redis-target.js';

/** Fresh for each client, because node-redis writes into the object it is given. */
export function clientOptions(
  target: RedisTarget,
  signal: AbortSignal,
): Omit<AnyRedisClientOptions, 'scripts' | 'RESP'> {
  const { access, connectTimeoutMs } = target;
  // `signal` goes through to node's socket, the only way to one that is still connecting.
  const socket = { ...access.socket, connectTimeout: connectTimeoutMs, socketTimeout: 0, signal };
  return {
    ...access,
    // Connecting again is the business of RedisConnection: a line that was lost stays lost.
    socket: { ...socket, reconnectStrategy: false },
    // The default time limit makes an AbortSignal per command, which costs three quarters of the throughput, and
    // covers only commands that have not been written yet.
    commandOptions: { timeout: 0, typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } },
    // While offline a command fails at once; kept for later, commands would fill the memory.
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    clientInfoTag: 'recollect',
  };
}
