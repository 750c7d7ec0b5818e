import type { AtomicMode } from 'recollect';
import { RedisCache } from './redis-cache.js';

/**
 * A `RedisCache` under which every site that asks for no `atomicWrites` of its own has them, `at_least_once`: of all
 * processes one loads a key, the others wait for its value, and what an invalidation overtook is not stored.
 */
export class RedisCacheAtomic extends RedisCache {
  override readonly kind: string = 'RedisCacheAtomic';
  readonly atomicByDefault: AtomicMode = 'at_least_once';
}
