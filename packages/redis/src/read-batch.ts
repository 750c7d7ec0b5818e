import type { SharedRecord } from 'recollect';
import type { Route } from './route/route.js';

type Records = readonly (SharedRecord | undefined)[];

/** Reads keys that one command may name together, and the lives of so many of them, from the first on. */
type Fetch = (keys: readonly string[], lives: number) => Promise<Records>;

/** A key of the batch, however many reads ask for it. */
interface Slot {
  readonly key: string;
  wantsLife: boolean;
  record: SharedRecord | undefined;
}

/** A read that waits for its part of the batch. */
interface Read {
  readonly slots: readonly Slot[];
  readonly lives: number;
  readonly resolve: (records: Records) => void;
  readonly reject: (error: unknown) => void;
  /** How many commands it still waits for. */
  left: number;
}

/** More keys than these make a command no cheaper per key, and hold up other clients of the server. */
const MOST_KEYS = 256;

/** One deadline covers the whole reply, so a batch should not be larger, as far as can be told beforehand. */
const GOOD_REPLY_BYTES = 1 << 20;

/** What is left, after each batch, of what a large reply has taught about the size of records. */
const MEMORY = 0.9;

/**
 * Gathers the reads of one tick into one command, so that a thousand callers cost the client little more than one: each
 * key is asked for once, and its life only if somebody wants it. The keys of one read are never parted, except where they
 * lie in different places. Data is shared by those who asked for the same key: it is not to be changed.
 *
 * A batch that fails fails all that are in it, and no other.
 */
export class ReadBatch {
  readonly #together: Route['together'];
  readonly #fetch: Fetch;
  readonly #mostReads: number;
  #underWay = 0;
  #slots = new Map<string, Slot>();
  #reads: Read[] = [];
  #isScheduled = false;
  /** Of a record, judged by the largest replies of late. */
  #bytesPerKey = 0;

  /** @param mostReads How many may be under way. */
  constructor(together: Route['together'], fetch: Fetch, mostReads: number) {
    this.#together = together;
    this.#fetch = fetch;
    this.#mostReads = mostReads;
  }

  /** Whether as many reads are under way as may be: each keeps its caller in memory, however few the commands are. */
  get isFull(): boolean {
    return this.#underWay >= this.#mostReads;
  }

  /** The records in the order of the keys, with the lives of the first `lives`. O(n). */
  read(keys: readonly string[], lives: number): Promise<Records> {
    if (keys.length === 0) return Promise.resolve([]);
    if (this.#reads.length > 0 && this.#slots.size + keys.length > this.#mostKeys()) this.send();
    this.#underWay++;
    return new Promise((resolve, reject) => {
      this.#reads.push({ slots: this.#slotsOf(keys, lives), lives, resolve, reject, left: 0 });
      if (this.#isScheduled) return;
      this.#isScheduled = true;
      // After the promises that are settled already: those who were answered by one reply ask again in one batch. The
      // client writes later still, so nobody waits any longer for it.
      process.nextTick(() => {
        this.#isScheduled = false;
        this.send();
      });
    });
  }

  /** Sends what has been gathered, now. */
  send(): void {
    const reads = this.#reads;
    if (reads.length === 0) return;
    const slots = [...this.#slots.values()];
    this.#reads = [];
    this.#slots = new Map();
    const ordered = [...slots.filter(wantsLife), ...slots.filter((slot) => !slot.wantsLife)];
    const groups = this.#together(ordered.map(({ key }) => key));
    if (groups.length === 1) {
      for (const read of reads) read.left = 1;
      void this.#sendGroup(ordered, reads);
    } else
      for (const [group, readers] of partsOf(groups, ordered, reads)) void this.#sendGroup(group, readers);
  }

  #slotsOf(keys: readonly string[], lives: number): Slot[] {
    const slots: Slot[] = [];
    for (let at = 0; at < keys.length; at++) {
      const key = keys[at] as string;
      let slot = this.#slots.get(key);
      if (slot === undefined) {
        slot = { key, wantsLife: false, record: undefined };
        this.#slots.set(key, slot);
      }
      if (at < lives) slot.wantsLife = true;
      slots.push(slot);
    }
    return slots;
  }

  /** Never rejects. */
  async #sendGroup(slots: readonly Slot[], reads: readonly Read[]): Promise<void> {
    let bytes = 0;
    try {
      const lives = slots.filter(wantsLife).length;
      const records = await this.#fetch(
        slots.map(({ key }) => key),
        lives,
      );
      for (const [at, slot] of slots.entries()) {
        slot.record = records[at];
        bytes += slot.record?.data.byteLength ?? 0;
      }
    } catch (error) {
      if (isLate(error)) this.#tooLarge(slots.length);
      for (const read of reads) if (this.#isOver(read, 0)) read.reject(error);
      return;
    }
    this.#bytesPerKey = Math.max(bytes / slots.length, this.#bytesPerKey * MEMORY);
    for (const read of reads) if (this.#isOver(read, read.left - 1)) read.resolve(recordsOf(read));
  }

  /** @param left How many commands the read still waits for. @returns true once, when that is none. */
  #isOver(read: Read, left: number): boolean {
    const isOver = read.left > 0 && left === 0;
    read.left = Math.max(0, left);
    if (isOver) this.#underWay--;
    return isOver;
  }

  #mostKeys(): number {
    return Math.min(MOST_KEYS, Math.max(1, Math.floor(GOOD_REPLY_BYTES / this.#bytesPerKey)));
  }

  /** A reply that did not come in time may have been too large: the next batch is half of it. */
  #tooLarge(keys: number): void {
    this.#bytesPerKey = Math.max(this.#bytesPerKey, (2 * GOOD_REPLY_BYTES) / keys);
  }
}

function wantsLife(slot: Slot): boolean {
  return slot.wantsLife;
}

/** The groups with the reads that wait for each; every read is told how many they are. */
function partsOf(
  groups: readonly (readonly number[])[],
  slots: readonly Slot[],
  reads: readonly Read[],
): ReadonlyMap<readonly Slot[], readonly Read[]> {
  const parts = new Map<readonly Slot[], Read[]>();
  const partOf = new Map<Slot, Read[]>();
  for (const positions of groups) {
    const group = positions.map((at) => slots[at] as Slot);
    const readers: Read[] = [];
    parts.set(group, readers);
    for (const slot of group) partOf.set(slot, readers);
  }
  for (const read of reads) {
    const parts = new Set(read.slots.map((slot) => partOf.get(slot) as Read[]));
    for (const readers of parts) readers.push(read);
    read.left = parts.size;
  }
  return parts;
}

/** A life that one read asked for is no business of another that did not. */
function recordsOf({ slots, lives }: Read): Records {
  return slots.map(({ record }, at) =>
    at < lives || record === undefined || record.ttlMs === Number.POSITIVE_INFINITY
      ? record
      : { data: record.data, ttlMs: Number.POSITIVE_INFINITY },
  );
}

/** Whether the deadline ended it. */
function isLate(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof Error && error.cause.name === 'DeadlineError';
}
