import { NONE, type WorkerFunctions } from '../worker/task.js';
import type { Place } from './fleet.js';

const RECOVERY_MS = 5_000;
const ATTEMPTS = 3;
const PASSES = 4;
/** What never ends is found all the same. */
const PATIENCE = 3;

/**
 * When all faults are over: the clients come to rest, every key is loaded anew, then asked for again, when all processes must
 * have the same. Then they end. On a machine with other things to do operations fail without a fault of ours, so all of it
 * may be tried again; what counts is what the processes have in the end.
 */
export async function calm(places: readonly Place[], settleMs: number): Promise<void> {
  const patience = PATIENCE * (RECOVERY_MS + settleMs);
  const all = <T>(what: (worker: WorkerFunctions) => Promise<T>): Promise<(T | undefined)[]> =>
    Promise.all(places.map(({ process }) => process.ask(what, patience)));
  await all((worker) => worker.rest());
  await all((worker) => worker.recover(RECOVERY_MS));
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const place = places[attempt % places.length];
    await place?.process.ask((worker) => worker.invalidateAll(RECOVERY_MS), patience);
    if (await agree(() => all((worker) => worker.callAll()))) break;
  }
  await all((worker) => worker.finish());
}

/** Whether all get all values, and the same, in the end; the first pass loads. */
async function agree(callAll: () => Promise<(readonly string[] | undefined)[]>): Promise<boolean> {
  for (let pass = 0; pass < PASSES; pass += 1) {
    const [first, ...others] = await callAll();
    const isWhole = first !== undefined && !first.includes(NONE);
    if (pass > 0 && isWhole && others.every((other) => String(other) === String(first))) return true;
  }
  return false;
}
