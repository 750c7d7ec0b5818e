import { platform } from '../model/platform.js';
import type { Removal } from '../ports/local-backend.js';
import type {
  BypassReason,
  CacheEvents,
  DegradedReason,
  Failure,
  HealthChange,
  Observer,
} from '../ports/observer.js';
import { noneDegraded, reasonOf } from './degraded.js';
import { type EventChannels, eventChannels } from './event-channels.js';
import { LocalCounters, SharedCounters } from './tier-stats.js';

/** Longer than that an event loop should not be held up. */
const SLOW_ENCODE_MS = 10;

type Said<Name extends keyof CacheEvents> = Omit<CacheEvents[Name], 'namespace'>;

/**
 * Counts what happens, tells the application's observer, if there is one, and whoever has subscribed to the channels. It
 * shields the cache from the observer's exceptions; those of subscribers are caught by the channels.
 */
export class Monitor {
  /** How many failures there were that no caller was told about. */
  failures = 0;
  readonly degraded: Record<DegradedReason, number> = noneDegraded();
  readonly local = new LocalCounters();
  readonly shared = new SharedCounters();
  readonly #observer: Observer | undefined;
  readonly #namespace: string;
  readonly #channels: EventChannels | undefined = eventChannels();
  readonly #warned = new Set<string>();
  readonly #slow = new Set<string>();

  constructor(observer: Observer | undefined, namespace: string) {
    this.#observer = observer;
    this.#namespace = namespace;
  }

  miss(site: string): void {
    this.#tell((observer) => observer.miss?.(site));
    if (this.#isHeard('miss')) this.#publish('miss', { site });
  }

  load(site: string, ms: number, error?: unknown): void {
    this.#tell((observer) => observer.load?.(site, ms, error));
    if (this.#isHeard('load'))
      this.#publish('load', error === undefined ? { site, ms } : { site, ms, error });
  }

  bypass(site: string, reason: BypassReason): void {
    this.degraded.bypassed++;
    this.#tell((observer) => observer.bypass?.(site, reason));
    if (this.#isHeard('bypass')) this.#publish('bypass', { site, reason });
  }

  remove(cause: Removal): void {
    this.local[cause]++;
    this.#tell((observer) => observer.remove?.(cause));
    if (this.#isHeard('remove')) this.#publish('remove', { cause });
  }

  failure(failure: Failure): void {
    const reason = reasonOf(failure);
    this.failures++;
    this.degraded[reason]++;
    this.#tell((observer) => observer.failure?.(failure, reason));
    if (this.#isHeard('failure')) this.#publish('failure', { ...failure, reason });
  }

  health(change: HealthChange): void {
    this.#tell((observer) => observer.degraded?.(change));
    if (this.#isHeard('degraded')) this.#publish('degraded', change);
  }

  /** Says it once per runtime; on the console when the application does not listen. */
  warning(message: string): void {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    const isHeard = this.#isHeard('warning');
    if (isHeard) this.#publish('warning', { message });
    if (this.#observer?.warning !== undefined) this.#tell((observer) => observer.warning?.(message));
    else if (!isHeard) platform.console.warn(`recollect: ${message}`);
  }

  /** A value was encoded for the shared tier. */
  encoded(site: string, bytes: number, ms: number): void {
    if (ms <= SLOW_ENCODE_MS) return;
    this.shared.slowEncodes++;
    if (this.#slow.has(site)) return;
    this.#slow.add(site);
    this.warning(
      `${site}: a value of ${bytes} bytes took ${Math.round(ms)} ms to encode, and nothing else ran meanwhile`,
    );
  }

  #isHeard(name: keyof CacheEvents): boolean {
    return this.#channels?.[name].hasSubscribers === true;
  }

  #publish<Name extends keyof CacheEvents>(name: Name, said: Said<Name>): void {
    this.#channels?.[name].publish(Object.freeze({ namespace: this.#namespace, ...said }));
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
