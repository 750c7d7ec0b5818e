import type { LocalEntry } from '../../ports/local-backend.js';

/** The order in which entries make room. Every operation but `entries` takes constant time, `evict` on average. */
export interface EvictionPolicy {
  /** Takes in an entry that is not in the order, as the latest. */
  add(entry: LocalEntry): void;
  /** Counts a use. Part of every hit; of an entry that has left it must do no harm. */
  touch(entry: LocalEntry): void;
  /** Takes out an entry that leaves for another reason than room. */
  remove(entry: LocalEntry): void;
  /** Takes out the entry that is to go next; `undefined` when there is none. */
  evict(): LocalEntry | undefined;
  /** All entries, those that would go first in front: exact, or as near as the policy knows by itself. */
  entries(): LocalEntry[];
}
