import type { LimitFunction } from 'p-limit';
import type { Amount } from './bounds.js';
import { type Disk, unlessMissing, unlink } from './disk.js';
import type { Place } from './layout.js';

/** Where a bound would be exceeded, so much of it is left: to evict one by one would mean to count each time. */
const LOW_WATER = 0.9;

/** A record that a sweep found alive. */
export interface Survivor {
  readonly place: Place;
  readonly inode: bigint;
  readonly size: number;
  /** When it was last read, where the file system keeps that time; else when it was written. */
  readonly usedNs: bigint;
  readonly changedNs: bigint;
}

export interface EvictionParts {
  readonly disk: Disk;
  readonly slots: LimitFunction;
  readonly most: Amount;
}

/** Removal of live records, the least recently used first, where a bound would be exceeded. */
export class Eviction {
  constructor(private readonly parts: EvictionParts) {}

  /**
   * Makes room for so much more where it would not fit, but not by places that are being written to.
   *
   * @returns what is there afterwards.
   */
  async evict(
    survivors: readonly Survivor[],
    more: Amount,
    busy: ReadonlySet<string>,
    failed: (error: unknown) => void,
  ): Promise<Amount> {
    const left = { files: survivors.length, bytes: survivors.reduce((bytes, { size }) => bytes + size, 0) };
    const victims = this.#choose(survivors, left, more, busy);
    const remove = async (victim: Survivor) => {
      if (busy.has(victim.place.digest) || !(await this.#remove(victim, failed))) return;
      left.files -= 1;
      left.bytes -= victim.size;
    };
    await this.parts.slots.map(victims, remove);
    return left;
  }

  #choose(
    survivors: readonly Survivor[],
    there: Amount,
    more: Amount,
    busy: ReadonlySet<string>,
  ): Survivor[] {
    const { most } = this.parts;
    let { files, bytes } = there;
    if (files + more.files <= most.files && bytes + more.bytes <= most.bytes) return [];
    const goal = { files: lowered(most.files, more.files), bytes: lowered(most.bytes, more.bytes) };
    const chosen: Survivor[] = [];
    for (const survivor of survivors.toSorted(byUse)) {
      if (files <= goal.files && bytes <= goal.bytes) break;
      if (busy.has(survivor.place.digest)) continue;
      files -= 1;
      bytes -= survivor.size;
      chosen.push(survivor);
    }
    return chosen;
  }

  /** Removes the file unless it was used or replaced since it was looked at; false when it is still there. */
  async #remove(victim: Survivor, failed: (error: unknown) => void): Promise<boolean> {
    const { place, inode, usedNs, changedNs } = victim;
    const { disk } = this.parts;
    try {
      const stats = await unlessMissing(disk.lstat(place.path, { bigint: true }));
      if (stats === undefined) return true;
      if (stats.ino !== inode || stats.atimeNs !== usedNs || stats.ctimeNs !== changedNs) return false;
      // A record written in this very moment may go in its place: an early eviction, no more.
      await unlink(disk, place.path);
      return true;
    } catch (error) {
      failed(error);
      return false;
    }
  }
}

function byUse(a: Survivor, b: Survivor): number {
  if (a.usedNs === b.usedNs) return 0;
  return a.usedNs < b.usedNs ? -1 : 1;
}

function lowered(most: number, more: number): number {
  return Math.max(0, Math.min(Math.floor(most * LOW_WATER), most - more));
}
