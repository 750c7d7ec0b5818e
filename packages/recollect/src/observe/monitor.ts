import { platform } from '../model/platform.js';
import type { Removal } from '../ports/local-backend.js';
import type { BypassReason, DegradedReason, Failure, HealthChange, Observer } from '../ports/observer.js';
import { Announcer } from './announcer.js';
import { noneDegraded, reasonOf } from './degraded.js';
import { LocalCounters, SharedCounters } from './tier-stats.js';

/** Longer than that an event loop should not be held up. */
const SLOW_ENCODE_MS = 10;
/** So many of a site's values that are slow are no accident. */
const SLOW_SHARE = 0.1;

/** Counts what happens, and has it told to whoever listens. Nothing here throws. */
export class Monitor {
  /** How many failures there were that no caller was told about. */
  failures = 0;
  readonly degraded: Record<DegradedReason, number> = noneDegraded();
  readonly local = new LocalCounters();
  readonly shared = new SharedCounters();
  readonly #announcer: Announcer;
  readonly #warned = new Set<string>();
  /** By site. */
  readonly #encodes = new Map<string, { all: number; slow: number; isTold: boolean }>();

  constructor(observer: Observer | undefined, namespace: string) {
    this.#announcer = new Announcer(observer, namespace);
  }

  miss(site: string): void {
    this.#announcer.tell('miss', site);
  }

  load(site: string, ms: number, error?: unknown): void {
    this.#announcer.tell('load', site, ms, error);
  }

  bypass(site: string, reason: BypassReason): void {
    this.degraded.bypassed++;
    this.#announcer.tell('bypass', site, reason);
  }

  remove(cause: Removal): void {
    this.local[cause]++;
    this.#announcer.tell('remove', cause);
  }

  failure(failure: Failure): void {
    const reason = reasonOf(failure);
    this.failures++;
    this.degraded[reason]++;
    this.#announcer.tell('failure', failure, reason);
  }

  /** The shared tier has become degraded, or has recovered. */
  turned(change: HealthChange): void {
    this.#announcer.tell('degraded', change);
  }

  /** Says it once per runtime; on the console when nobody listens. */
  warning(message: string): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    if (this.#announcer.isHeard('warning')) this.#announcer.tell('warning', message);
    else platform.console.warn(`recollect: ${message}`);
  }

  /** A value was encoded for the shared tier. */
  encoded(site: string, bytes: number, ms: number): void {
    const encodes = this.#encodes.get(site) ?? { all: 0, slow: 0, isTold: false };
    this.#encodes.set(site, encodes);
    encodes.all++;
    if (ms <= SLOW_ENCODE_MS) return;
    this.shared.slowEncodes++;
    encodes.slow++;
    // One now and then has met a collection of garbage, or code that ran for the first time.
    if (encodes.isTold || encodes.slow < 2 || encodes.slow < encodes.all * SLOW_SHARE) return;
    encodes.isTold = true;
    this.warning(
      `${site}: a value of ${bytes} bytes took ${Math.round(ms)} ms to encode, and nothing else ran meanwhile`,
    );
  }
}
