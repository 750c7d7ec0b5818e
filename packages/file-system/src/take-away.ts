import { setTimeout as sleep } from 'node:timers/promises';
import { CREATE, PRIVATE_FILE } from './atomic-write.js';
import type { Directories } from './directories.js';
import { type Disk, hasCode, unlessMissing, unlink } from './disk.js';
import type { Layout, Place } from './layout.js';
import type { RecordFile, RecordFiles } from './record-files.js';

/** How long an announcement counts. Who was frozen for longer than half of it between two steps starts again. */
const ANNOUNCED_MS = 2_000;

/** A record that is replaced this often while it is being judged is alive, whatever it says. */
const ATTEMPTS = 10;

/**
 * Removal of the very record that was judged, and of no newer one. A path cannot be removed on condition, so the file is
 * moved aside, compared by its inode with the one judged, and linked back if it is another, unless a yet newer one has
 * taken its place. Between move and link, some microseconds and only if a write fell between the last look and the move,
 * the newer record cannot be seen.
 *
 * For that window every taker announces itself first, by an empty file in `held` that the move then overwrites, and looks
 * once more whether the record is still the one judged. `add` trusts only what it still finds after it saw no
 * announcement; `delete` looks again after the last one is gone, or a link back would bring deleted data to life. Only a
 * process that is frozen for seconds, just between two calls, can still lose a newer record.
 */
export class TakeAway {
  constructor(
    private readonly disk: Disk,
    private readonly layout: Layout,
    private readonly directories: Directories,
    private readonly files: RecordFiles,
  ) {}

  /** Removes the record if it is there and `doomed` says so of it; true when this call removed it. */
  async remove(place: Place, doomed: (file: RecordFile) => Promise<boolean>): Promise<boolean> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      // Open until it is gone: its inode number cannot be given to another file meanwhile.
      const outcome = await this.files.inspect(place, async (file): Promise<Outcome> => {
        return (await doomed(file)) ? this.#announced(place, file) : 'spared';
      });
      if (outcome !== 'changed') return outcome === 'removed';
    }
    return false;
  }

  /** Waits until nobody is about to remove such records. False when it had to: what was known before may be wrong. */
  async quiet(concerns: (digest: string) => boolean): Promise<boolean> {
    const since = new Map<string, number>();
    for (;;) {
      const holdings = this.layout.holdings(await this.directories.names(this.layout.held));
      const paths = holdings.flatMap(({ digest, path }) => (concerns(digest) ? [path] : []));
      if (paths.length === 0) return since.size === 0;
      const now = performance.now();
      for (const path of paths) {
        // Whoever announced this has died.
        if (now - (since.get(path) ?? now) > ANNOUNCED_MS) await unlink(this.disk, path);
        else if (!since.has(path)) since.set(path, now);
      }
      await sleep(1);
    }
  }

  async #announced(place: Place, judged: RecordFile): Promise<Outcome> {
    const aside = this.layout.holding(place.digest);
    const since = performance.now();
    try {
      await this.#announce(aside);
      const stats = await unlessMissing(this.disk.lstat(place.path, { bigint: true }));
      if (stats === undefined) return 'spared';
      if (stats.ino !== judged.inode || performance.now() - since > ANNOUNCED_MS / 2) return 'changed';
      return await this.#take(place, aside, judged);
    } finally {
      // What cannot be removed now is swept later.
      await unlink(this.disk, aside).catch(() => false);
    }
  }

  async #announce(aside: string): Promise<void> {
    await this.directories.ensure(this.layout.held);
    try {
      await (await this.disk.open(aside, CREATE, PRIVATE_FILE)).close();
    } catch (error) {
      // A full disk must not keep us from freeing it.
      if (!hasCode(error, 'ENOSPC', 'EDQUOT')) throw error;
    }
  }

  async #take(place: Place, aside: string, judged: RecordFile): Promise<Outcome> {
    const moved = await unlessMissing(this.disk.rename(place.path, aside).then(() => true));
    if (moved === undefined) return 'spared';
    const stats = await unlessMissing(this.disk.lstat(aside, { bigint: true }));
    if (stats === undefined) return 'spared';
    if (stats.ino === judged.inode) return 'removed';
    try {
      await this.disk.link(aside, place.path);
    } catch (error) {
      // A newer record is there, or it was deleted meanwhile: either way this one's time is over.
      if (!hasCode(error, 'EEXIST', 'ENOENT')) throw error;
    }
    return 'changed';
  }
}

type Outcome = 'removed' | 'spared' | 'changed';
