import type { LimitFunction } from 'p-limit';
import type { SharedRecord, SharedWrite } from 'recollect';
import type { AtomicWrite, NewFile } from './atomic-write.js';
import type { Bounds } from './bounds.js';
import type { Deletion } from './deletion.js';
import { type Disk, unlessMissing } from './disk.js';
import type { Layout, Place } from './layout.js';
import type { RecordFile, RecordFiles } from './record-files.js';
import { encodeRecord } from './record-format.js';
import type { TakeAway } from './take-away.js';
import type { Turns } from './turns.js';
import { isDead, type LiveRecord, type Verdict, type Verdicts } from './verdicts.js';

/** Longest time of modification given to a file: ten years ahead, for those without an end. */
const FAR_MS = 315_360_000_000;

/** How many milliseconds to wait for others who change the same record. Longer than they may keep us. */
const PATIENCE = 5_000;

/** The same, where nobody needs it to be done. */
const LITTLE_PATIENCE = 20;

export interface RecordParts {
  readonly disk: Disk;
  readonly layout: Layout;
  readonly files: RecordFiles;
  readonly verdicts: Verdicts;
  readonly atomicWrite: AtomicWrite;
  readonly takeAway: TakeAway;
  readonly deletion: Deletion;
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
    const { layout, turns } = this.parts;
    const place = layout.place(record.key);
    // Encoded before anything is awaited: from here on the caller may use the memory again, and the life counts.
    const file = this.#encode(record);
    return turns.take(place.digest, () => this.#replace(place, file));
  }

  /** Writes the record, or removes what is there where nothing can be written; false when there was nothing to remove. */
  async bury(record: SharedWrite): Promise<boolean> {
    const { layout, turns, slots, deletion } = this.parts;
    const place = layout.place(record.key);
    const file = this.#encode(record);
    return turns.take(place.digest, async () => {
      try {
        await this.#replace(place, file);
        return true;
      } catch {
        // A full disk takes nothing in, and lets go of what it has. Where that fails as well, its error is the one told.
        return slots(() => deletion.remove(place));
      }
    });
  }

  async add(record: SharedWrite): Promise<Uint8Array> {
    const { files, verdicts } = this.parts;
    const own = Uint8Array.from(record.data);
    const answer = await this.#exchange(record, PATIENCE, (place) =>
      files.use(place, async (standing) => {
        const verdict = await verdicts.whole(standing);
        return verdict.state === 'live' && verdict.key === record.key ? verdict.data : undefined;
      }),
    );
    if (answer === 'hindered') throw new Error('others have been changing the record for too long');
    return answer === 'stored' ? own : answer;
  }

  /** What another version of the format wrote may be anything, and stays. */
  async fill(record: SharedWrite, expected: Uint8Array | undefined): Promise<boolean> {
    const { files, verdicts } = this.parts;
    const isExpected = equalTo(record.key, expected);
    const answer = await this.#exchange(record, LITTLE_PATIENCE, (place) =>
      files.inspect(place, async (standing) => {
        const verdict = await verdicts.whole(standing);
        return isDead(verdict) || isExpected(verdict) ? undefined : 'kept';
      }),
    );
    return answer === 'stored';
  }

  deleteIfEqual(key: string, data: Uint8Array): Promise<boolean> {
    const { layout, turns, slots, takeAway, verdicts } = this.parts;
    const place = layout.place(key);
    const isEqual = equalTo(key, data);
    const isDoomed = async (file: RecordFile) => isEqual(await verdicts.whole(file));
    return turns.take(place.digest, () => slots(() => takeAway.remove(place, isDoomed, PATIENCE)));
  }

  async #read(place: Place, key: string): Promise<SharedRecord | undefined> {
    const { files, verdicts, takeAway } = this.parts;
    const verdict = await files.use(place, (file) => verdicts.whole(file));
    if (verdict?.state === 'live' && verdict.key === key) return { data: verdict.data, ttlMs: verdict.ttlMs };
    // A directory that cannot be written to can still be read.
    if (verdict !== undefined && isDead(verdict))
      await takeAway.remove(place, verdicts.isDead, 0).catch(() => false);
    return undefined;
  }

  async #exchange<Answer>(
    record: SharedWrite,
    patience: number,
    look: (place: Place) => Promise<Answer | undefined>,
  ): Promise<Answer | 'stored' | 'hindered'> {
    const { layout, turns, atomicWrite } = this.parts;
    const place = layout.place(record.key);
    const file = this.#encode(record);
    return turns.take(place.digest, () =>
      this.#admit(place, file, () => atomicWrite.exchange(place, file, () => look(place), patience)),
    );
  }

  #replace(place: Place, file: NewFile): Promise<void> {
    return this.#admit(place, file, () => this.parts.atomicWrite.replace(place, file));
  }

  #admit<Result>(place: Place, { bytes }: NewFile, write: () => Promise<Result>): Promise<Result> {
    const { disk, bounds, slots } = this.parts;
    const replaced = () => slots(async () => (await unlessMissing(disk.lstat(place.path)))?.size);
    return bounds.admit({ digest: place.digest, bytes: bytes.length, replaced }, () => slots(write));
  }

  #encode({ key, data, ttlMs }: SharedWrite): NewFile {
    const writtenAt = this.parts.verdicts.now();
    const bytes = encodeRecord(key, data, writtenAt, writtenAt + ttlMs);
    return { bytes, writtenAt, goneBy: writtenAt + Math.min(ttlMs, FAR_MS) };
  }
}

/** Whether it is a live record of the key with just this data; never where there is none. The data is copied. */
function equalTo(key: string, data: Uint8Array | undefined): (verdict: Verdict<LiveRecord>) => boolean {
  const wanted = data && Buffer.from(data);
  return (verdict) =>
    verdict.state === 'live' && verdict.key === key && wanted?.equals(verdict.data) === true;
}
