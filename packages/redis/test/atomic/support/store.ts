import { RedisCache, type RedisCacheOptions } from '@recollect/redis';
import type { FakeClock } from '@recollect/testing';
import type { AtomicStore, ClaimOutcome, ClaimRequest, Lease } from 'recollect';
import { atEnd } from '../../support/open-cache.js';
import { testContext } from '../../support/test-context.js';

export const MECHANISMS = ['watch', 'lua'] as const;
export const MODES = ['at_least_once', 'at_most_once'] as const;

let drawn = 0;

/** A token that no other claim of this file has. */
function token(): string {
  drawn += 1;
  return String(drawn).padStart(32, 'ab');
}

export function asking(key: string, change: Partial<ClaimRequest> = {}): ClaimRequest {
  return {
    key,
    mode: 'at_least_once',
    token: token(),
    epoch: 'epoch-1',
    leaseMs: 30_000,
    retentionMs: 60_000,
    ignore: undefined,
    supersede: undefined,
    numbered: false,
    ...change,
  };
}

export function leaseIn(outcome: ClaimOutcome): Lease {
  if (outcome.kind !== 'granted') throw new Error(`the claim is ${outcome.kind}`);
  return outcome.lease;
}

export async function grant(
  store: AtomicStore,
  key: string,
  change: Partial<ClaimRequest> = {},
): Promise<Lease> {
  return leaseIn(await store.claim(asking(key, change)));
}

/** Leases of a cache in real time, or in that of the clock; closed after the test. */
export function openStore(options: RedisCacheOptions, clock?: FakeClock) {
  const context = testContext(clock);
  const cache = new RedisCache(options, context);
  atEnd(async () => {
    const closing = cache.close();
    clock?.advance(1_000);
    await closing;
  });
  return { cache, store: cache.atomic, context, reported: context.reported };
}
