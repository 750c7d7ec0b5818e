import type { Way, Weather } from './weather.js';

/** One direction of one connection: passes on in order what comes in, as soon as the weather allows. */
export class Lane {
  readonly #way: Way;
  readonly #weather: Weather;
  readonly #deliver: (piece: Buffer) => void;
  readonly #end: () => void;
  #waiting: { readonly since: number; readonly piece: Buffer | undefined }[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** @param end Called behind the last piece. */
  constructor(way: Way, weather: Weather, deliver: (piece: Buffer) => void, end: () => void) {
    this.#way = way;
    this.#weather = weather;
    this.#deliver = deliver;
    this.#end = end;
  }

  /** @param piece `undefined` for the end. */
  take(piece: Buffer | undefined): void {
    this.#waiting.push({ since: performance.now(), piece });
    this.pass();
  }

  /** Passes on whatever may; to be called when the weather has changed. */
  pass(): void {
    clearTimeout(this.#timer);
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      if (this.#weather.blocked.has(this.#way)) return;
      const missing = first.since + this.#weather.delayMs - performance.now();
      if (this.#weather.delayMs > 0 && missing > 0) {
        this.#timer = setTimeout(() => this.pass(), missing);
        return;
      }
      this.#waiting.shift();
      if (first.piece === undefined) this.#end();
      else this.#deliver(first.piece);
    }
  }

  /** Forgets what has not arrived. */
  drop(): void {
    clearTimeout(this.#timer);
    this.#waiting = [];
  }
}
