/** A turn that comes so late was held up by the machine, or by work in this process, and not by a store. */
const LATE_MS = 10;

/** Adds up how long this process stood still, so that what a busy machine takes is not laid at the cache's door. */
export class Stalls {
  #sum = 0;
  #turn = performance.now();
  readonly #timer = setInterval(() => this.#look(), 2).unref();

  /** Milliseconds, since it was made. */
  get sum(): number {
    this.#look();
    return this.#sum;
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    const gap = now - this.#turn;
    this.#turn = now;
    if (gap > LATE_MS) this.#sum += gap;
  }
}
