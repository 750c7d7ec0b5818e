import type { Directories } from './directories.js';
import { type Disk, hasCode, unlessMissing, unlink } from './disk.js';
import type { Intent, Layout, Place } from './layout.js';

/** An intent nothing has happened to for so long was left by a process that died, or that is frozen. */
const ABANDONED_MS = 2_000;

/** One changed so far in the future was left before the clock was set back. */
const AHEAD_MS = 60_000;

/**
 * What keeps the changes of several processes apart, without locks.
 *
 * Every change that puts something in a place, and every one made on condition, (1) is announced by an entry of `intents`;
 * (2) looks at what else is announced for the place; (3), if on condition, looks at the record; (4) renames, from its own
 * entry (`write`, `swap`) or into it (`take`); and (5) removes what is left of the entry. Whoever removes the entry of
 * another has stopped it, however long that one was frozen: its rename fails with ENOENT, as the system makes nothing in a
 * directory that was removed. In step 2
 *
 * - a `write` removes every `swap` and `take`, and never waits;
 * - a `swap` or `take` removes every other one whose id comes after its own, and whatever is abandoned; for the rest it
 *   withdraws, or waits and begins step 2 again.
 *
 * So nothing is put in the place between the steps 3 and 4 of a change C on condition. Let D be any other change. If D's
 * entry was there all through C's step 2, C has found and stopped it, or not gone on. If D was over, or stopped, before
 * the end of that, C's step 3 has seen what came of it. If D was announced after its beginning, all of D's step 2 comes
 * after C's step 1: D has found and stopped C, or not gone on, unless C's step 4 was over.
 *
 * This rests on POSIX alone: a listing has what is there from its beginning to its end, and a rename is atomic. A process
 * that dies leaves the place as it was, or changed, and an entry that is in nobody's way for longer than `ABANDONED_MS`.
 * No clock matters to that: what is taken for abandoned and is not has been stopped like any other, and begins anew.
 *
 * Deletions are not announced. They put nothing there, and to a `swap` nothing is as good as what it has looked at.
 */
export class Intents {
  constructor(
    private readonly disk: Disk,
    private readonly layout: Layout,
    private readonly directories: Directories,
    private readonly now: () => number,
  ) {}

  /** A new entry, still to be made by the caller. */
  async begin(place: Place, kind: Intent['kind']): Promise<Intent> {
    await this.directories.ensure(this.layout.intents);
    return this.layout.intent(place, kind);
  }

  /** Step 2 of a `write`. */
  async overrule(own: Intent): Promise<void> {
    for (const other of await this.#others(own)) if (other.kind !== 'write') await this.#revoke(other);
  }

  /** Step 2 of a `swap` or `take`; false when it must not go on to step 3. */
  async prevails(own: Intent): Promise<boolean> {
    const others = await this.#others(own);
    for (const other of others) {
      const first = other.kind === 'write' || other.id < own.id;
      if (first && !(await this.#isOlder(other, ABANDONED_MS))) return false;
    }
    for (const other of others) await this.#revoke(other);
    return true;
  }

  /** Removes what was left by others. */
  async removeOlder(ms: number, failed: (error: unknown) => void): Promise<void> {
    const names = await this.directories.names(this.layout.intents);
    for (const intent of this.layout.announced(names)) {
      try {
        if (await this.#isOlder(intent, ms)) await this.#revoke(intent);
      } catch (error) {
        failed(error);
      }
    }
  }

  /** Step 5: removes one's own entry. What cannot be removed now is swept later. */
  async end(own: Intent): Promise<void> {
    await this.#revoke(own).catch(() => {});
  }

  /** Removes the entry: from now on its change cannot happen, unless it has. */
  async #revoke(intent: Intent): Promise<void> {
    if (intent.kind !== 'take') {
      await unlink(this.disk, intent.path);
      return;
    }
    try {
      await this.#rmdir(intent);
    } catch (error) {
      if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
      // It has happened, and what was taken is garbage.
      await unlink(this.disk, this.layout.taken(intent));
      await this.#rmdir(intent);
    }
  }

  async #others({ digest, id }: Intent): Promise<Intent[]> {
    const names = await unlessMissing(this.disk.readdir(this.layout.intents));
    return this.layout.announced(names ?? [], digest).filter((other) => other.id !== id);
  }

  /** Going by the time of the last change, which writing to it sets as well. True of one that is gone. */
  async #isOlder(intent: Intent, ms: number): Promise<boolean> {
    const changed = (await unlessMissing(this.disk.lstat(intent.path)))?.ctimeMs;
    if (changed === undefined) return true;
    const now = this.now();
    return now - changed > ms || changed - now > AHEAD_MS;
  }

  #rmdir(intent: Intent): Promise<void> {
    return unlessMissing(this.disk.rmdir(intent.path));
  }
}
