/** Silence that is taken for a dead connection, in deadlines. */
const SILENT_DEADLINES = 2;

/**
 * Tells a connection that is dead from a store that is slow. It is dead when operations are under way and none has ended
 * for two deadlines; and when so many in a row missed theirs, over two deadlines or more, whatever came too late in
 * between. A write that was accepted by the socket proves nothing, which is why time-outs of sockets miss this.
 */
export class Watchdog {
  readonly #silentMs: number;
  #silentSince = 0;
  #heard = false;
  /** Deadlines missed since an operation last ended in time, and when the first of them was seen. */
  #missed = 0;
  #missingSince = 0;
  #isLate = false;

  constructor(
    deadlineMs: number,
    private readonly mostMissed: number,
  ) {
    this.#silentMs = SILENT_DEADLINES * deadlineMs;
  }

  /** The first operation after none. */
  began(now: number): void {
    this.#silentSince = now;
  }

  /** An operation ended, well or not. */
  ended(inTime: boolean): void {
    this.#heard = true;
    if (inTime) this.#missed = 0;
  }

  missed(now: number): void {
    if (this.#missed === 0) this.#missingSince = now;
    this.#missed++;
    this.#isLate ||= this.#missed >= this.mostMissed && now - this.#missingSince >= this.#silentMs;
  }

  /** To be asked at every tick; true once per stall, and again when it has gone on for another two deadlines. */
  isStalled(now: number, underWay: number): boolean {
    if (this.#heard) {
      // To the tick: reading the clock at every end would cost more than it tells.
      this.#silentSince = now;
      this.#heard = false;
    }
    const isSilent = underWay > 0 && now - this.#silentSince >= this.#silentMs;
    if (!isSilent && !this.#isLate) return false;
    this.#silentSince = now;
    this.#missed = 0;
    this.#isLate = false;
    return true;
  }
}
