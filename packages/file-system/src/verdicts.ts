import type { RecordFile } from './record-files.js';
import type { RecordHead, Unreadable } from './record-format.js';
import type { WallTime } from './wall-time.js';

/** `foreign`: of another version of the format, to be left alone. */
export type Verdict<Live> =
  | (Live & { readonly state: 'live'; readonly key: string })
  | { readonly state: 'expired'; readonly key: string }
  | { readonly state: Unreadable };

export interface LiveHead {
  /** Whole milliseconds, at least 1; `Infinity` for no end. */
  readonly ttlMs: number;
}

export interface LiveRecord extends LiveHead {
  readonly data: Uint8Array;
}

/** What is to be thought of a record file. */
export class Verdicts {
  constructor(private readonly time: WallTime) {}

  /** Wall-clock milliseconds. */
  now(): number {
    return this.time.now();
  }

  /** By the head alone: says nothing about the data. */
  async head(file: RecordFile): Promise<Verdict<LiveHead>> {
    return this.#judge(await file.head());
  }

  async whole(file: RecordFile): Promise<Verdict<LiveRecord>> {
    const whole = await file.whole();
    if (typeof whole === 'string') return { state: whole };
    const verdict = this.#judge(whole.head);
    return verdict.state === 'live' ? { ...verdict, data: whole.data } : verdict;
  }

  /** To be removed by whoever meets it. */
  readonly isDead = async (file: RecordFile): Promise<boolean> => isDead(await this.whole(file));

  #judge(head: RecordHead | Unreadable): Verdict<LiveHead> {
    if (typeof head === 'string') return { state: head };
    const { key, writtenAt, expiresAt } = head;
    const ttlMs = this.time.left(writtenAt, expiresAt);
    return ttlMs > 0 ? { state: 'live', key, ttlMs } : { state: 'expired', key };
  }
}

export function isDead({ state }: Verdict<unknown>): boolean {
  return state === 'expired' || state === 'corrupt';
}
