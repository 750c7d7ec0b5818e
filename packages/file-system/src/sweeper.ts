import pLimit, { type LimitFunction } from 'p-limit';
import type { Amount } from './bounds.js';
import type { Directories } from './directories.js';
import { type Disk, unlessMissing, unlink } from './disk.js';
import type { Eviction, Survivor } from './eviction.js';
import type { Layout, Place } from './layout.js';
import type { TakeAway } from './take-away.js';
import type { Verdicts } from './verdicts.js';

/** What nobody has touched for so long was left by a process that died. */
const LEFTOVER_MS = 600_000;

/** How far ahead of our clock a file may have been changed without being looked into. */
const AHEAD_MS = 1_000;

/** How many directories are read at a time: as many as Node has threads for it. */
const ABREAST = 4;

export interface SweeperParts {
  readonly disk: Disk;
  readonly layout: Layout;
  readonly directories: Directories;
  readonly takeAway: TakeAway;
  readonly verdicts: Verdicts;
  readonly eviction: Eviction;
  readonly slots: LimitFunction;
  /** True as soon as nobody waits for the result any more. */
  stopped(): boolean;
  /** For the first file or directory of a sweep that could not be dealt with; the sweep goes on. */
  failed(error: unknown): void;
}

/**
 * One walk over the directory: removes what has expired and what dead processes left, counts the rest, and evicts where a
 * bound would be exceeded. Opens no file but those that look expired: the time of modification says when a record is gone
 * by, and the time of access, which the system keeps (with `relatime`, too, as the other time lies ahead of it), when it
 * was last used. Mounted `noatime` the oldest written goes first.
 */
export class Sweeper {
  /** Whether this sweep has told of a failure: ten thousand files on a sick disk are one piece of news. */
  #told = false;

  constructor(private readonly parts: SweeperParts) {}

  /** One at a time. @returns what is there afterwards. */
  async sweep(more: Amount, busy: ReadonlySet<string>): Promise<Amount> {
    const { directories, layout, eviction, stopped } = this.parts;
    const survivors: Survivor[] = [];
    this.#told = false;
    await this.#safely(async () => {
      for (const { path } of layout.holdings(await directories.names(layout.held)))
        await this.#removeOld(path);
    });
    const abreast = pLimit(ABREAST);
    await abreast.map(await directories.fan(), async (directory) => {
      if (!stopped()) await this.#safely(() => this.#visit(directory, survivors));
    });
    return eviction.evict(survivors, more, busy, (error) => this.#tell(error));
  }

  async #visit(directory: string, survivors: Survivor[]): Promise<void> {
    const { directories, layout, slots } = this.parts;
    const { places, temporaries } = layout.sort(directory, await directories.names(directory));
    const look = (place: Place) => this.#safely(async () => survivors.push(...(await this.#look(place))));
    await Promise.all([
      ...places.map((place) => slots(look, place)),
      ...temporaries.map((path) => slots(() => this.#safely(() => this.#removeOld(path)))),
    ]);
  }

  async #look(place: Place): Promise<Survivor[]> {
    const { disk, takeAway, verdicts } = this.parts;
    const stats = await unlessMissing(disk.lstat(place.path, { bigint: true }));
    if (!stats?.isFile()) return [];
    const now = verdicts.now();
    // Changed in the future: written before the wall clock was set back.
    const looksDead = Number(stats.mtimeMs) <= now || Number(stats.ctimeMs) > now + AHEAD_MS;
    if (looksDead && (await takeAway.remove(place, verdicts.isDead))) return [];
    const { ino: inode, size, atimeNs: usedNs, ctimeNs: changedNs } = stats;
    return [{ place, inode, size: Number(size), usedNs, changedNs }];
  }

  /** By the time of the last change, which a rename sets as well: what was just moved aside is not old. */
  async #removeOld(path: string): Promise<void> {
    const { disk, verdicts } = this.parts;
    const stats = await unlessMissing(disk.lstat(path));
    if (stats !== undefined && verdicts.now() - stats.ctimeMs > LEFTOVER_MS) await unlink(disk, path);
  }

  async #safely(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#tell(error);
    }
  }

  #tell(error: unknown): void {
    if (!this.#told) this.parts.failed(error);
    this.#told = true;
  }
}
