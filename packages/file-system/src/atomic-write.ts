import { constants } from 'node:fs';
import type { Directories } from './directories.js';
import { type Disk, hasCode, unlink } from './disk.js';
import type { Layout, Place } from './layout.js';

/** The file must not be there, not even as a link: what we write to is ours alone. */
export const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
export const PRIVATE_FILE = 0o600;

/** A sweep with a clock set forward may take a file under our hands, or a person the directory: once more, then. */
const ATTEMPTS = 2;

/** A file to be written. Its times carry what a sweep needs to know without opening it. */
export interface NewFile {
  readonly bytes: Uint8Array;
  /** Wall-clock milliseconds: becomes the time of last access, which the system brings up to date on reads. */
  readonly writtenAt: number;
  /** Wall-clock milliseconds, finite: becomes the time of modification. */
  readonly goneBy: number;
}

/**
 * Puts whole files in place: written under a name of its own, then renamed (or linked) to the real one, so that a reader
 * sees the old file or the new one and a full disk spoils neither. Nothing is synced: after a power cut a record may be
 * damaged, which its checksum shows, and a cache can load it again.
 *
 * Of its own and not write-file-atomic (7.0.1), because that opens its temporary file without `O_EXCL` under a name made
 * of process id and counter, equal in two containers on one volume; follows a symbolic link to its target; does not
 * notice a short write, and renames the truncated file over the good one; and cannot link instead of rename.
 */
export class AtomicWrite {
  constructor(
    private readonly disk: Disk,
    private readonly layout: Layout,
    private readonly directories: Directories,
  ) {}

  /** Puts the file in the place of whatever is there. */
  async replace(place: Place, file: NewFile): Promise<void> {
    await this.#publish(place, file, async (temporary) => {
      await this.disk.rename(temporary, place.path);
      return 'moved';
    });
  }

  /** Puts the file there if nothing is; false when something was. Needs a file system with hard links. */
  async create(place: Place, file: NewFile): Promise<boolean> {
    const outcome = await this.#publish(place, file, async (temporary) => {
      try {
        // Unlike rename, link never replaces, and of several at once one succeeds.
        await this.disk.link(temporary, place.path);
        return 'linked';
      } catch (error) {
        if (hasCode(error, 'EEXIST')) return 'taken';
        throw error;
      }
    });
    return outcome === 'linked';
  }

  async #publish(
    place: Place,
    file: NewFile,
    publish: (temporary: string) => Promise<Outcome>,
  ): Promise<Outcome> {
    for (let attempt = 1; ; attempt += 1) {
      await this.directories.ensure(place.directory);
      const temporary = this.layout.temporary(place.directory);
      let outcome: Outcome | undefined;
      try {
        await this.#fill(temporary, file);
        outcome = await publish(temporary);
        return outcome;
      } catch (error) {
        if (attempt === ATTEMPTS || !hasCode(error, 'ENOENT')) throw error;
      } finally {
        // The error worth telling is the first one; what cannot be removed now is swept later.
        if (outcome !== 'moved') await unlink(this.disk, temporary).catch(() => false);
      }
    }
  }

  async #fill(path: string, { bytes, writtenAt, goneBy }: NewFile): Promise<void> {
    const handle = await this.disk.open(path, CREATE, PRIVATE_FILE);
    try {
      // `writeFile` goes on after a short write until all is written or the disk says why not.
      await handle.writeFile(bytes);
      await handle.utimes(writtenAt / 1_000, goneBy / 1_000);
    } finally {
      await handle.close();
    }
  }
}

type Outcome = 'moved' | 'linked' | 'taken';
