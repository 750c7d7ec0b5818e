import { setTimeout as sleep } from 'node:timers/promises';
import type { Cache } from 'recollect';
import { steps } from '../generator/steps.js';
import type { SiteSpec } from '../history/site-spec.js';
import { Client } from './client.js';
import { openCache, openSites } from './sites.js';
import { NONE, type Task, type WorkerFunctions } from './task.js';
import { tell } from './tell.js';

const PROBE_MS = 50;
const ATTEMPTS = 3;
const LEAST_ROUNDS = 20;

/** One process of a round, at work. */
export class Work implements WorkerFunctions {
  #task: Task | undefined;
  #cache: Cache | undefined;
  #client: Client | undefined;
  #clients: Promise<unknown> = Promise.resolve();
  #isResting = false;

  /** @param ended Called when nothing is left to do. */
  constructor(private readonly ended: () => void) {}

  async begin(task: Task): Promise<void> {
    this.#task = task;
    this.#cache = openCache(task);
    this.#client = new Client(
      task.process,
      openSites(this.#cache, task, () => this.#isResting),
    );
    const clients = Array.from({ length: task.clients }, (_, index) => this.#keepAsking(index));
    this.#clients = Promise.all(clients);
  }

  async rest(): Promise<void> {
    this.#isResting = true;
    await this.#clients;
    await this.#opened().settled();
  }

  async recover(withinMs: number): Promise<boolean> {
    const giveUp = performance.now() + withinMs;
    for (let round = 1; ; round += 1) {
      // Only what is used finds out that it works again: each site in its own way, and writing by hand.
      for (const { name } of this.#sites()) {
        await this.#asked({ kind: 'invalidate', site: name, key: 'probe' });
        await this.#asked({ kind: 'call', site: name, key: 'probe' });
      }
      await this.#opened().set('probe', true);
      if (!this.#opened().health().degraded) return true;
      // On a machine with other things to do a single round may take all the time.
      if (performance.now() >= giveUp && round >= LEAST_ROUNDS) break;
      await sleep(PROBE_MS);
    }
    const { reasons } = this.#opened().health();
    tell({ of: 'trouble', text: `recovery: after ${withinMs} ms it is degraded: ${reasons.join(', ')}` });
    return false;
  }

  async invalidateAll(withinMs: number): Promise<void> {
    const giveUp = performance.now() + withinMs;
    for (const { site, key } of this.#subjects()) {
      for (;;) {
        const outcome = await this.#asked({ kind: 'invalidate', site, key });
        if (outcome.is === 'done' || performance.now() >= giveUp) break;
        await sleep(PROBE_MS);
      }
    }
  }

  async callAll(): Promise<readonly string[]> {
    const values: string[] = [];
    // One after the other: a machine with other things to do must not be taken for one that does not recover.
    for (const { site, key, tiers } of this.#subjects()) {
      for (let attempt = 1; ; attempt += 1) {
        const outcome = await this.#asked({ kind: 'call', site, key, calm: true });
        if (outcome.is === 'value' || attempt === ATTEMPTS) {
          if (tiers === 'shared') values.push(outcome.is === 'value' ? outcome.load : NONE);
          break;
        }
        await sleep(PROBE_MS);
      }
    }
    // Until then a call may still be answered by the flight, which knows nothing of who was first.
    await this.#opened().settled();
    return values;
  }

  async finish(): Promise<void> {
    const cache = this.#opened();
    const { failures, loading } = cache.stats();
    tell({ of: 'figures', figures: { failures, loading, degraded: cache.health().degraded } });
    await cache.close();
    this.ended();
  }

  async #keepAsking(index: number): Promise<void> {
    const { keys, process, seed } = this.#task as Task;
    for (const { restMs, ...step } of steps(seed, `${process}/${index}`, this.#sites(), keys)) {
      await sleep(restMs);
      if (this.#isResting) return;
      await this.#asked(step);
    }
  }

  #subjects(): { readonly site: string; readonly key: string; readonly tiers: SiteSpec['tiers'] }[] {
    const { keys } = this.#task as Task;
    return this.#sites().flatMap(({ name, tiers }) => keys.map((key) => ({ site: name, key, tiers })));
  }

  #sites(): readonly SiteSpec[] {
    return this.#task?.sites ?? [];
  }

  #opened(): Cache {
    if (this.#cache === undefined) throw new Error('it has not begun');
    return this.#cache;
  }

  #asked(request: Parameters<Client['do']>[0]): ReturnType<Client['do']> {
    if (this.#client === undefined) throw new Error('it has not begun');
    return this.#client.do(request);
  }
}
