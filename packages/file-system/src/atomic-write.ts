import { constants } from 'node:fs';
import type { Directories } from './directories.js';
import { type Disk, hasCode } from './disk.js';
import type { Intents } from './intents.js';
import type { Intent, Place } from './layout.js';

/** The file must not be there, not even as a link: what we write to is ours alone. */
const CREATE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const PRIVATE_FILE = 0o600;

/** Another process may stop us, a sweep with a clock set forward, or a person who removes the directory: once more, then. */
const ATTEMPTS = 10;

/** A file to be written. Its times carry what a sweep needs to know without opening it. */
export interface NewFile {
  readonly bytes: Uint8Array;
  /** Wall-clock milliseconds: becomes the time of last access, which the system brings up to date on reads. */
  readonly writtenAt: number;
  /** Wall-clock milliseconds, finite: becomes the time of modification. */
  readonly goneBy: number;
}

/**
 * Puts whole files in place: written under a name of its own, then renamed to the real one, so that a reader sees the old
 * file or the new one and a full disk spoils neither. Nothing is synced: after a power cut a record may be damaged, which
 * its checksum shows, and a cache can load it again.
 *
 * Of its own and not write-file-atomic (7.0.1), because that opens its temporary file without `O_EXCL` under a name made
 * of process id and counter, equal in two containers on one volume; follows a symbolic link to its target; does not
 * notice a short write, and renames the truncated file over the good one; and knows no condition.
 */
export class AtomicWrite {
  constructor(
    private readonly disk: Disk,
    private readonly directories: Directories,
    private readonly intents: Intents,
    private readonly pause: (ms: number) => Promise<unknown>,
  ) {}

  /** Puts the file in the place of whatever is there: `write` of {@link Intents}. */
  async replace(place: Place, file: NewFile): Promise<void> {
    await this.#publish(place, file, 'write', async (intent) => {
      await this.intents.overrule(intent);
      await this.disk.rename(intent.path, place.path);
      return 'stored';
    });
  }

  /**
   * Puts the file there unless `look` answers, which looks at what is there; then with that answer. Nothing changes between
   * the look and the exchange: `swap` of {@link Intents}.
   *
   * @param patience How often to look again, after a millisecond each, while somebody else changes what is there;
   *   `hindered` after that.
   */
  exchange<Answer>(
    place: Place,
    file: NewFile,
    look: () => Promise<Answer | undefined>,
    patience: number,
  ): Promise<Answer | 'stored' | 'hindered'> {
    return this.#publish(place, file, 'swap', async (intent) => {
      for (let attempt = 0; ; attempt += 1) {
        // In this order: what was announced before the look is known, what is announced after it finds us.
        const prevails = await this.intents.prevails(intent);
        const answer = await look();
        if (answer !== undefined) return answer;
        if (prevails) {
          await this.disk.rename(intent.path, place.path);
          return 'stored';
        }
        if (attempt >= patience) return 'hindered';
        await this.pause(1);
      }
    });
  }

  async #publish<Outcome>(
    place: Place,
    file: NewFile,
    kind: Intent['kind'],
    publish: (intent: Intent) => Promise<Outcome | 'stored'>,
  ): Promise<Outcome | 'stored'> {
    for (let attempt = 1; ; attempt += 1) {
      const ready = [this.intents.begin(place, kind), this.directories.ensure(place.directory)] as const;
      const [intent] = await Promise.all(ready);
      let outcome: Outcome | 'stored' | undefined;
      try {
        await this.#fill(intent.path, file);
        outcome = await publish(intent);
        return outcome;
      } catch (error) {
        if (attempt === ATTEMPTS || !hasCode(error, 'ENOENT')) throw error;
      } finally {
        if (outcome !== 'stored') await this.intents.end(intent);
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
