import { type BigIntStats, constants } from 'node:fs';
import { PRIVATE_DIRECTORY } from './directories.js';
import { type Disk, hasCode, unlessMissing, unlink } from './disk.js';
import type { Intents } from './intents.js';
import type { Layout, Place } from './layout.js';
import type { RecordFile, RecordFiles } from './record-files.js';

const EMPTY = constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** `gone`: there is nothing any more. `hindered`: somebody else changes it, or has. */
export type Outcome = 'taken' | 'gone' | 'hindered';

/** Removal of the very record that was judged, and of no newer one: `take` of {@link Intents}. */
export class TakeAway {
  constructor(
    private readonly disk: Disk,
    private readonly layout: Layout,
    private readonly intents: Intents,
    private readonly files: RecordFiles,
    private readonly pause: (ms: number) => Promise<unknown>,
  ) {}

  /**
   * Removes the record if it is there and `isDoomed` says so of it; true when this call removed it.
   *
   * @param patience How often to try again, after a millisecond each, while somebody else changes it.
   */
  async remove(
    place: Place,
    isDoomed: (file: RecordFile) => Promise<boolean>,
    patience: number,
  ): Promise<boolean> {
    for (let attempt = 0; ; attempt += 1) {
      // Open until it is gone: its inode number cannot be given to another file meanwhile.
      const outcome = await this.files.inspect(place, async (file) =>
        (await isDoomed(file)) ? this.take(place, ({ ino }) => ino === file.inode) : 'spared',
      );
      if (outcome !== 'hindered' || attempt >= patience) return outcome === 'taken';
      await this.pause(1);
    }
  }

  /** Removes the record if it is there and the system tells of it what was expected. */
  async take(place: Place, isExpected: (stats: BigIntStats) => boolean): Promise<Outcome> {
    const intent = await this.intents.begin(place, 'take');
    try {
      await this.disk.mkdir(intent.path, { mode: PRIVATE_DIRECTORY });
      if (!(await this.intents.prevails(intent))) return 'hindered';
      const stats = await unlessMissing(this.disk.lstat(place.path, { bigint: true }));
      if (stats === undefined) return 'gone';
      if (!isExpected(stats)) return 'hindered';
      const aside = this.layout.taken(intent);
      const moved = await unlessMissing(this.disk.rename(place.path, aside).then(() => true));
      if (moved === undefined) return 'hindered';
      await unlink(this.disk, aside).catch(() => false);
      return 'taken';
    } catch (error) {
      // A full disk must not keep us from freeing it.
      if (hasCode(error, 'ENOSPC', 'EDQUOT')) return await this.#empty(place, isExpected);
      throw error;
    } finally {
      await this.intents.end(intent);
    }
  }

  /**
   * Takes the data and leaves an empty file, which reads as damaged and is swept when there is room to announce it. What is
   * opened is emptied, whatever may lie there by then.
   */
  async #empty(place: Place, isExpected: (stats: BigIntStats) => boolean): Promise<Outcome> {
    const handle = await unlessMissing(this.disk.open(place.path, EMPTY));
    if (handle === undefined) return 'gone';
    try {
      if (!isExpected(await handle.stat({ bigint: true }))) return 'hindered';
      await handle.truncate();
      return 'taken';
    } finally {
      await handle.close();
    }
  }
}
