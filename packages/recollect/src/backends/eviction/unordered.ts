import type { EvictionPolicy } from './eviction-policy.js';

/** The order of entries that never make room: there is none. */
export const UNORDERED: EvictionPolicy = {
  add(entry) {
    // A touch by the policy of the others is to find a number.
    entry.mark = 0;
  },
  touch() {},
  remove() {},
  evict: () => undefined,
  entries: () => [],
};
