import type { LimitFunction } from 'p-limit';
import type { SharedRecord, SharedWrite } from 'recollect';
import type { AtomicWrite, NewFile } from './atomic-write.js';
import type { Bounds } from './bounds.js';
import { type Disk, unlessMissing } from './disk.js';
import type { Layout, Place } from './layout.js';
import type { RecordFile, RecordFiles } from './record-files.js';
import { encodeRecord } from './record-format.js';
import type { TakeAway } from './take-away.js';
import type { Turns } from './turns.js';
import { isDead, type Verdicts } from './verdicts.js';

/** Longest time of modification given to a file: ten years ahead, for those without an end. */
const FAR_MS = 315_360_000_000;

/** An `add` that finds something else each time it looks gives up after so many times. */
const ATTEMPTS = 100;

export interface RecordParts {
  readonly disk: Disk;
  readonly layout: Layout;
  readonly files: RecordFiles;
  readonly verdicts: Verdicts;
  readonly atomicWrite: AtomicWrite;
  readonly takeAway: TakeAway;
  readonly bounds: Bounds;
  readonly turns: Turns;
  /** Taken for the work on one file, never while waiting for something else that takes one. */
  readonly slots: LimitFunction;
}

/** What is done with the record of one key. */
export class Records {
  constructor(private readonly parts: RecordParts) {}

  async read(key: string): Promise<SharedRecord | undefined> {
    const { layout, turns, slots } = this.parts;
    const place = layout.place(key);
    await turns.settled(place.digest);
    return slots(() => this.#read(place, key));
  }

  async write(record: SharedWrite): Promise<void> {
    const { layout, turns, atomicWrite } = this.parts;
    const place = layout.place(record.key);
    // Encoded before anything is awaited: from here on the caller may use the memory again, and the life counts.
    const file = this.#encode(record);
    return turns.take(place.digest, () => this.#admit(place, file, () => atomicWrite.replace(place, file)));
  }

  async add(record: SharedWrite): Promise<Uint8Array> {
    const { layout, turns } = this.parts;
    const place = layout.place(record.key);
    const file = this.#encode(record);
    const own = Uint8Array.from(record.data);
    return turns.take(place.digest, () =>
      this.#admit(place, file, () => this.#add(place, record.key, file, own)),
    );
  }

  deleteIfEqual(key: string, data: Uint8Array): Promise<boolean> {
    const { layout, turns, slots, takeAway, verdicts } = this.parts;
    const place = layout.place(key);
    const wanted = Buffer.from(data);
    const isEqual = async (file: RecordFile) => {
      const verdict = await verdicts.whole(file);
      return verdict.state === 'live' && verdict.key === key && wanted.equals(verdict.data);
    };
    return turns.take(place.digest, () => slots(() => takeAway.remove(place, isEqual)));
  }

  async #read(place: Place, key: string): Promise<SharedRecord | undefined> {
    const { files, verdicts, takeAway } = this.parts;
    const verdict = await files.use(place, (file) => verdicts.whole(file));
    if (verdict?.state === 'live' && verdict.key === key) return { data: verdict.data, ttlMs: verdict.ttlMs };
    // A directory that cannot be written to can still be read.
    if (verdict !== undefined && isDead(verdict))
      await takeAway.remove(place, verdicts.isDead).catch(() => false);
    return undefined;
  }

  async #add(place: Place, key: string, file: NewFile, own: Uint8Array): Promise<Uint8Array> {
    const { files, verdicts, takeAway, atomicWrite } = this.parts;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const created = await atomicWrite.create(place, file);
      const found = await files.use(place, async (standing) => {
        const verdict = await verdicts.whole(standing);
        // A short life may have ended while there was a wait for room.
        if (created && verdict.state === 'expired') return own;
        if (verdict.state !== 'live' || verdict.key !== key) return 'unusable';
        // In this order: whoever announces himself from now on will see that the record is alive. The open file keeps
        // its inode number from being given to the next one.
        if (!(await takeAway.quiet((digest) => digest === place.digest))) return undefined;
        return (await this.#inodeOf(place)) === standing.inode ? verdict.data : undefined;
      });
      if (found instanceof Uint8Array) return found;
      if (found === 'unusable')
        await takeAway.remove(place, async (standing) => !(await this.#holds(standing, key)));
    }
    throw new Error(`the record changed ${ATTEMPTS} times while it was looked at`);
  }

  async #holds(file: RecordFile, key: string): Promise<boolean> {
    const verdict = await this.parts.verdicts.whole(file);
    return verdict.state === 'live' && verdict.key === key;
  }

  #admit<Result>(place: Place, { bytes }: NewFile, write: () => Promise<Result>): Promise<Result> {
    const { disk, bounds, slots } = this.parts;
    const replaced = () => slots(async () => (await unlessMissing(disk.lstat(place.path)))?.size);
    return bounds.admit({ digest: place.digest, bytes: bytes.length, replaced }, () => slots(write));
  }

  async #inodeOf(place: Place): Promise<bigint | undefined> {
    return (await unlessMissing(this.parts.disk.lstat(place.path, { bigint: true })))?.ino;
  }

  #encode({ key, data, ttlMs }: SharedWrite): NewFile {
    const writtenAt = this.parts.verdicts.now();
    const bytes = encodeRecord(key, data, writtenAt, writtenAt + ttlMs);
    return { bytes, writtenAt, goneBy: writtenAt + Math.min(ttlMs, FAR_MS) };
  }
}
