import type { LocalEntry } from '../../ports/local-backend.js';
import { Fifo } from './fifo.js';

/** Exact least-recently-used order: a list in which a use moves the entry to the end of the latest. */
export class Lru extends Fifo {
  override touch(entry: LocalEntry): void {
    // The latest entry has nothing newer, nor has one that left: with one hot key a use costs one comparison.
    if (entry.newer === undefined) return;
    this.remove(entry);
    this.add(entry);
  }
}
