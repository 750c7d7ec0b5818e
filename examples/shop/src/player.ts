import { setImmediate as otherEvents } from 'node:timers/promises';
import type { ShopService } from './shop-service.js';
import { ask, type Call, type Traffic } from './traffic.js';

/** Told now and then how many calls are done. */
export type OnProgress = (done: number) => void;

/**
 * Plays the calls one after another, as one visitor would make them, and times each.
 *
 * @returns Milliseconds of each call, in order.
 */
export async function play(
  shop: ShopService,
  calls: readonly Call[],
  onProgress: OnProgress,
): Promise<Float64Array> {
  const durations = new Float64Array(calls.length);
  for (const [at, call] of calls.entries()) {
    if (at % 256 === 0) {
      onProgress(at);
      // Calls that memory answers never leave the microtask queue: without this no timer and no screen would be served.
      await otherEvents();
    }
    const started = performance.now();
    await ask(shop, call);
    durations[at] = performance.now() - started;
  }
  return durations;
}

/** Changes what the traffic has made the cache remember. */
export async function sell(shop: ShopService, { sales }: Traffic): Promise<void> {
  for (const id of sales) await shop.sell(id, 1);
}

/** The answers to the sampled calls, as a caller gets them now. */
export async function answers(shop: ShopService, { samples }: Traffic): Promise<unknown[]> {
  const given: unknown[] = [];
  for (const call of samples) given.push(await ask(shop, call));
  return given;
}
