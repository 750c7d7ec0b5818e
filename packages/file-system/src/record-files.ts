import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { Directories } from './directories.js';
import { type Disk, unlessMissing } from './disk.js';
import type { Place } from './layout.js';
import { decodeData, decodeHead, headLength, type RecordHead, type Unreadable } from './record-format.js';

/** No link is followed, and a planted pipe does not hang the reader. Where a flag is missing it is undefined: nothing. */
const USE = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const GLANCE = USE | constants.O_NOATIME;

/** Enough for the head of a record with a key of ordinary length. */
const FIRST_READ = 1_024;

/** An open record file. While it is open its inode number is not given to another file. */
export class RecordFile {
  constructor(
    private readonly handle: FileHandle,
    readonly size: number,
    readonly inode: bigint,
  ) {}

  async head(): Promise<RecordHead | Unreadable> {
    const start = await this.#read(Math.min(this.size, FIRST_READ));
    const length = Math.min(this.size, headLength(start));
    return decodeHead(length > start.length ? await this.#read(length) : start, this.size);
  }

  async whole(): Promise<{ readonly head: RecordHead; readonly data: Uint8Array } | Unreadable> {
    const file = await this.#read(this.size);
    const head = decodeHead(file, this.size);
    if (typeof head === 'string') return head;
    const data = decodeData(file, head);
    return data === undefined ? 'corrupt' : { head, data };
  }

  async #read(length: number): Promise<Buffer> {
    // Not from the shared pool: the memory is handed to the caller with the data in it.
    const bytes = Buffer.allocUnsafeSlow(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await this.handle.read(bytes, filled, length - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  }
}

/** The way to every record that is read. */
export class RecordFiles {
  constructor(
    private readonly disk: Disk,
    private readonly directories: Directories,
  ) {}

  /** Lends the file out and closes it; `undefined` when there is none. Counts as a use of the record. */
  async use<Result>(place: Place, use: (file: RecordFile) => Promise<Result>): Promise<Result | undefined> {
    return (await this.directories.exists(place.directory)) ? this.#open(place.path, USE, use) : undefined;
  }

  /** The same, but does not count as a use. */
  async inspect<Result>(
    place: Place,
    use: (file: RecordFile) => Promise<Result>,
  ): Promise<Result | undefined> {
    return (await this.directories.exists(place.directory)) ? this.glance(place.path, use) : undefined;
  }

  /** The same for a path whose directory has just been looked at. */
  async glance<Result>(
    path: string,
    use: (file: RecordFile) => Promise<Result>,
  ): Promise<Result | undefined> {
    return this.#open(path, GLANCE, use);
  }

  async #open<Result>(
    path: string,
    flags: number,
    use: (file: RecordFile) => Promise<Result>,
  ): Promise<Result | undefined> {
    const handle = await unlessMissing(this.disk.open(path, flags));
    if (handle === undefined) return undefined;
    try {
      const stats = await handle.stat({ bigint: true });
      if (!stats.isFile()) throw new Error(`${path} is not a file`);
      return await use(new RecordFile(handle, Number(stats.size), stats.ino));
    } finally {
      await handle.close();
    }
  }
}
