/** How far clocks may differ before it counts, in milliseconds: reading two clocks is not one moment. */
const TOLERANCE_MS = 1_000;

/**
 * Lives that survive a restart have to be counted on the wall clock, and that can be set back. A record must not gain by
 * it, so the monotonic clock watches the wall clock: while this process lives, a record written before the wall clock was
 * set back is judged by the time as it would be had nobody touched it. Records written after that are judged by the wall
 * clock again, as soon as it has passed the moment of the step; until then the two cannot be told apart and all count as
 * older than they are. Time set forward only shortens lives.
 *
 * What remains: a process started after a step back has not seen it. To it a record from the future has an age nobody
 * can tell, and is taken as expired; one whose age is greater than the step gains by it, at most the step. A machine whose
 * clock is behind until the network has set it loses its records when a process starts too early.
 */
export class WallTime {
  /** The most the wall clock has been ahead of the monotonic one: their sum is a time that never goes back. */
  #lead = Number.NEGATIVE_INFINITY;
  #behind = 0;
  #steppedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly wall: () => number,
    private readonly monotonic: () => number,
  ) {
    this.#look();
  }

  now(): number {
    return this.#look().wall;
  }

  /** Whole milliseconds that a record has left, never more than its whole life; 0 when it is over. */
  left(writtenAt: number, expiresAt: number): number {
    const { wall, unbroken } = this.#look();
    const now = writtenAt > this.#steppedAt ? wall : unbroken;
    if (!(writtenAt <= now + TOLERANCE_MS)) return 0;
    return Math.max(0, Math.floor(Math.min(expiresAt - now, expiresAt - writtenAt)));
  }

  #look(): { wall: number; unbroken: number } {
    const wall = this.wall();
    const monotonic = this.monotonic();
    this.#lead = Math.max(this.#lead, wall - monotonic);
    const unbroken = monotonic + this.#lead;
    const behind = unbroken - wall;
    // Small steps are let add up before they count, or many of them would never count.
    if (behind > this.#behind + TOLERANCE_MS) {
      this.#steppedAt = unbroken;
      this.#behind = behind;
    } else this.#behind = Math.min(this.#behind, behind);
    return { wall, unbroken };
  }
}
