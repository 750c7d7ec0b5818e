import { platform } from '../model/platform.js';
import type { Removal } from '../ports/local-backend.js';
import type { BypassReason, Failure, Observer } from '../ports/observer.js';

/** Passes what happens on to the application's observer, if there is one, and shields the cache from its exceptions. */
export class Monitor {
  readonly #observer: Observer | undefined;
  readonly #warned = new Set<string>();
  /** How many failures there were that no caller was told about. */
  failures = 0;

  constructor(observer: Observer | undefined) {
    this.#observer = observer;
  }

  miss(site: string): void {
    this.#tell((observer) => observer.miss?.(site));
  }

  load(site: string, ms: number, error?: unknown): void {
    this.#tell((observer) => observer.load?.(site, ms, error));
  }

  bypass(site: string, reason: BypassReason): void {
    this.#tell((observer) => observer.bypass?.(site, reason));
  }

  remove(cause: Removal): void {
    this.#tell((observer) => observer.remove?.(cause));
  }

  failure(failure: Failure): void {
    this.failures++;
    this.#tell((observer) => observer.failure?.(failure));
  }

  /** Says it once per runtime; on the console when the application does not listen. */
  warning(message: string): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    if (this.#observer?.warning === undefined) platform.console.warn(`recollect: ${message}`);
    else this.#tell((observer) => observer.warning?.(message));
  }

  #tell(about: (observer: Observer) => void): void {
    if (this.#observer === undefined) return;
    try {
      about(this.#observer);
    } catch {
      // An observer that throws must not change what a caller of a cached method sees.
    }
  }
}
