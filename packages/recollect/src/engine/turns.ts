import { AtMostOnceError } from '../model/errors.js';
import { platform } from '../model/platform.js';
import type { ClaimOutcome, ClaimRequest, Lease } from '../ports/atomic-store.js';
import { Bell } from './bell.js';
import type { Binding } from './binding.js';
import { failed } from './failed.js';
import type { Leasing } from './leasing.js';
import type { SharedTier } from './shared-tier.js';
import { type Found, type Sighting, sameVersions } from './sighting.js';

/** What a process that misses a value is to do: take what another has stored meanwhile, or load. */
export type Turn =
  | { readonly kind: 'found'; readonly found: Found & { readonly hit: true } }
  | { readonly kind: 'load'; readonly lease: Lease; readonly sighting: Sighting };

/** What was read and what was claimed have contradicted each other again and again. */
class ContentionError extends Error {
  override readonly name = 'ContentionError';
}

/** Between attempts to give back what may have been claimed. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 3_200;

/** How often others may change what this one has just read. */
const MOST_SURPRISES = 32;

/** Another process loads, and has not come to an end while this one waited. */
export class WaitedInVainError extends Error {
  override readonly name = 'WaitedInVainError';
}

/**
 * Takes turns with other processes at loading a key. Version ids of site and namespace belong to the epoch of a key as its own
 * invalidations do, and lie elsewhere: a claim carries those it was made under. An id never comes back, so whoever has seen a
 * claim and reads other ids afterwards knows that the claim is of an epoch that is over.
 */
export class Turns {
  constructor(
    private readonly binding: Binding,
    private readonly shared: SharedTier,
    private readonly leasing: Leasing,
  ) {}

  /**
   * Waits for its turn, `leases.wait` at most. Rejects with a WaitedInVainError after that, with an AtMostOnceError when the
   * run that was started came to nothing, and with what the backend rejects with.
   *
   * @param anew A value that is there is no answer.
   */
  async take(key: string, anew: boolean): Promise<Turn> {
    const { clock } = this.binding;
    const { limits, store } = this.leasing;
    const giveUp = clock.now() + limits.waitMs;
    let token = freshToken();
    let bell: Bell | undefined;
    try {
      let surprises = 0;
      for (let sight = await this.#look(key), supersede: string | undefined; ; ) {
        if (surprises++ > MOST_SURPRISES) throw new ContentionError('others keep changing it');
        if (sight.hit && !anew) return { kind: 'found', found: sight };
        if (sight.versions === undefined) throw new Error('what lies there is of another release');
        const outcome = await this.#claim(key, sight, token, supersede);
        if (outcome.kind === 'granted') {
          if (await this.#isCurrent(sight)) return { kind: 'load', lease: outcome.lease, sighting: sight };
          await store.release(outcome.lease);
          // Who has seen the old one may be about to supersede it: it must not stand for a claim of this epoch.
          token = freshToken();
          sight = await this.#look(key);
          continue;
        }
        if (outcome.kind === 'stored') {
          sight = await this.#look(key);
          // What was to be replaced has been, by somebody whose turn came first.
          anew = false;
          continue;
        }
        if (outcome.epoch !== epochOf(sight.versions)) {
          sight = await this.#look(key);
          if (sight.versions === undefined || outcome.epoch === epochOf(sight.versions)) continue;
          supersede = outcome.token;
          continue;
        }
        if (outcome.kind === 'abandoned') throw this.#abandoned();
        const left = giveUp - clock.now();
        if (left <= 0)
          throw new WaitedInVainError(`another process has been loading it for ${limits.waitMs} ms`);
        bell ??= new Bell(store, clock, key);
        await bell.wait(left);
        surprises = 0;
      }
    } finally {
      bell?.close();
    }
  }

  async #claim(
    key: string,
    { seen: ignore, versions }: Sighting,
    token: string,
    supersede: string | undefined,
  ): Promise<ClaimOutcome> {
    const { limits, mode, numbered, store } = this.leasing;
    const { durationMs: leaseMs, retentionMs } = limits;
    const epoch = epochOf(versions ?? []);
    const request = { key, mode, token, epoch, leaseMs, retentionMs, ignore, supersede, numbered };
    try {
      return await store.claim(request);
    } catch (error) {
      // Followed, so that closing waits for it.
      if (mode === 'at_most_once') this.binding.background.run(this.#giveBack(request), () => {});
      throw error;
    }
  }

  /** A claim that was made and of which nobody was told would look like a run whose process has died. Never rejects. */
  async #giveBack(request: ClaimRequest): Promise<void> {
    const { clock } = this.binding;
    const { store } = this.leasing;
    for (let pauseMs = FIRST_PAUSE_MS; pauseMs <= LONGEST_PAUSE_MS; pauseMs *= 2) {
      await new Promise<void>((resolve) => void clock.after(pauseMs, resolve));
      try {
        const outcome = await store.claim({ ...request, supersede: undefined, numbered: false });
        if (outcome.kind === 'granted') await store.release(outcome.lease);
        return;
      } catch {
        // Counted once, when the claim failed.
      }
    }
  }

  /**
   * The value, or what to claim under. Where ids lie on another server than the value they may have been read before it: only
   * ids that were read after a record can tell that it is outdated.
   */
  async #look(key: string): Promise<Found> {
    const { policy, versionKeys } = this.binding;
    const keepCorrupt = this.leasing.mode === 'at_most_once';
    const provenance = { siteVersion: policy.version, versionKeys, leased: true, keepCorrupt };
    const [found] = await this.shared.find([key], provenance, true);
    const sight = found as Found;
    if (!sight.hit && sight.corrupt !== undefined && !keepCorrupt)
      failed(this.binding, 'decode', sight.corrupt);
    if (sight.hit || sight.seen === undefined || sight.versions === undefined) return sight;
    if (keepCorrupt && sight.corrupt !== undefined)
      throw new AtMostOnceError('indeterminate', this.binding.name, 'what it returned cannot be read', {
        cause: sight.corrupt,
      });
    const versions = await this.shared.versions(versionKeys, true);
    if (sameVersions(versions, sight.versions)) return sight;
    // Its life was not read with it; a life of 0 is kept nowhere.
    return this.shared.open(key, { data: sight.seen, ttlMs: 0 }, provenance, versions, sight.at);
  }

  /** Whether the claim was made in the epoch that it names: only then nobody else may claim in the same one. */
  async #isCurrent({ versions }: Sighting): Promise<boolean> {
    if (this.leasing.mode === 'at_least_once') return true;
    return sameVersions(await this.shared.versions(this.binding.versionKeys, true), versions ?? []);
  }

  #abandoned(): AtMostOnceError {
    return new AtMostOnceError(
      'indeterminate',
      this.binding.name,
      'it was started, and who started it is gone; invalidate the entry to let it run again, or resolve it with its result',
    );
  }
}

function epochOf(versions: readonly string[]): string {
  return versions.join('.');
}

function freshToken(): string {
  const bytes = platform.crypto.getRandomValues(new Uint8Array(16));
  let token = '';
  for (const byte of bytes) token += byte.toString(16).padStart(2, '0');
  return token;
}
