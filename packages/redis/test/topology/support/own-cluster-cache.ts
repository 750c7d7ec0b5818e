import { RedisCache, type RedisCacheOptions } from '@recollect/redis';
import type { ClusterNode, OwnCluster } from '@recollect/testing/redis';
import { keySlot } from '../../../src/route/key-slot.js';
import { atEnd } from '../../support/open-cache.js';
import { type TestContext, testContext } from '../../support/test-context.js';

/** A cache on a cluster, in real time; closed after the test. */
export function openOnCluster(
  cluster: OwnCluster,
  options: RedisCacheOptions = {},
): { readonly cache: RedisCache; readonly context: TestContext } {
  const context = testContext();
  const cache = new RedisCache({ cluster: { nodes: cluster.urls }, ...options }, context);
  atEnd(() => cache.close());
  return { cache, context };
}

/** So many keys with the prefix whose slots this master has. */
export function keysAt(node: ClusterNode, prefix: string, count: number): string[] {
  const has = (slot: number) => node.slots.some(([first, last]) => slot >= first && slot <= last);
  const keys: string[] = [];
  for (let index = 0; keys.length < count; index++) {
    const key = `${prefix}${index}`;
    if (has(keySlot(key))) keys.push(key);
  }
  return keys;
}

/** As many keys of each master. */
export function keysAtEach(cluster: OwnCluster, prefix: string, count: number): string[] {
  return mastersOf(cluster).flatMap((node) => keysAt(node, prefix, count));
}

export function mastersOf(cluster: OwnCluster): ClusterNode[] {
  return cluster.nodes.filter(({ role, isRunning }) => role === 'master' && isRunning);
}
