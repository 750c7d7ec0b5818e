import pLimit, { type LimitFunction } from 'p-limit';

/** So much of a directory. */
export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

/** A process looks again after it has written this part of a bound: others write too, and it cannot see them do so. */
const SHARE = 0.1;

const NOTHING: Amount = { files: 0, bytes: 0 };

/** A file about to be put in place. */
export interface Admission {
  /** Names the place. */
  readonly digest: string;
  readonly bytes: number;
  /** How many bytes the file has that it will replace, `undefined` when there is none. */
  replaced(): Promise<number | undefined>;
}

/** Counts what is there, having made room for so much more where that would not fit, but not by these files. */
export type Sweep = (more: Amount, busy: ReadonlySet<string>) => Promise<Amount>;

/**
 * Keeps the directory within its bounds. No count is kept on disk, where it would drift: a process counts the files (a
 * look), may then write up to a tenth of the bound, and looks again. Room is made before a write and not after it, so
 * that one process alone never exceeds a bound; each further one that writes at the same time may exceed it by a tenth, or
 * by what it has under way where that is more, until it looks. Whoever writes waits for the look: no writer runs ahead of
 * what is being evicted.
 */
export class Bounds {
  /** What may be written between the last look and the next; before the first one, nothing. */
  #allowance = NOTHING;
  /** Of this, what has been admitted since that look began, and what was under way then. */
  #spent = NOTHING;
  #underWay = NOTHING;
  readonly #writes = new Set<Promise<unknown>>();
  /** Places being written to: what is there is counted as replaced, and must not be evicted as well. */
  readonly #busy = new Set<string>();
  readonly #door: LimitFunction = pLimit(1);
  #looking: Promise<void> | undefined;

  constructor(
    private readonly most: Amount,
    private readonly sweep: Sweep,
  ) {}

  /** Runs the write when there is room for it. One at a time for each place. */
  async admit<Result>(file: Admission, write: () => Promise<Result>): Promise<Result> {
    const { bytes: most } = this.most;
    if (file.bytes > most) {
      throw new RangeError(`a record of ${file.bytes} bytes does not fit into maxBytes, ${most}`);
    }
    const { done } = await this.#door(async () => {
      this.#busy.add(file.digest);
      try {
        return { done: this.#start(file.digest, await this.#makeRoom(file), write) };
      } catch (error) {
        this.#busy.delete(file.digest);
        throw error;
      }
    });
    return done;
  }

  /** Counts anew. Joins a look that is under way. */
  look(more = NOTHING): Promise<void> {
    this.#looking ??= this.#look(more).finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** @returns what the file takes more than there is. */
  async #makeRoom(file: Admission): Promise<Amount> {
    const first = await increase(file);
    if (this.#fits(first)) return first;
    await this.look(first);
    const second = await increase(file);
    if (this.#fits(second)) return second;
    // What is under way may be the very thing that has to go. Nothing new gets past the door meanwhile.
    await Promise.allSettled(this.#writes);
    await this.look(second);
    return increase(file);
  }

  #fits(more: Amount): boolean {
    const { files, bytes } = sum(this.#spent, more);
    return files <= this.#allowance.files && bytes <= this.#allowance.bytes;
  }

  #start<Result>(digest: string, more: Amount, write: () => Promise<Result>): Promise<Result> {
    this.#spent = sum(this.#spent, more);
    this.#underWay = sum(this.#underWay, more);
    const done = write().finally(() => {
      this.#writes.delete(done);
      this.#busy.delete(digest);
      this.#underWay = sum(this.#underWay, more, -1);
    });
    this.#writes.add(done);
    return done;
  }

  async #look(more: Amount): Promise<void> {
    const before = this.#spent;
    const underWay = this.#underWay;
    const need = sum(underWay, more);
    const there = await this.sweep(need, this.#busy);
    // What was under way may have been counted or not: it is charged again.
    this.#spent = sum(sum(this.#spent, before, -1), underWay);
    this.#allowance = {
      files: allowance(this.most.files, there.files, need.files),
      bytes: allowance(this.most.bytes, there.bytes, need.bytes),
    };
  }
}

async function increase({ bytes, replaced }: Admission): Promise<Amount> {
  const before = await replaced();
  return { files: before === undefined ? 1 : 0, bytes: Math.max(0, bytes - (before ?? 0)) };
}

function allowance(most: number, there: number, need: number): number {
  return Math.min(most - there, Math.max(Math.floor(most * SHARE), need, 1));
}

function sum(a: Amount, b: Amount, sign = 1): Amount {
  return { files: a.files + sign * b.files, bytes: a.bytes + sign * b.bytes };
}
