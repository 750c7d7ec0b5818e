import { setTimeout as sleep } from 'node:timers/promises';

const STEP_MS = 25;

/** Asks again and again until it is so, or the time is over; whether it is so. */
export async function eventually(isSo: () => Promise<boolean>, withinMs: number): Promise<boolean> {
  const giveUp = performance.now() + withinMs;
  for (;;) {
    // One that cannot be asked at the moment is one of which it is not so.
    if (await isSo().catch(() => false)) return true;
    if (performance.now() >= giveUp) return false;
    await sleep(STEP_MS);
  }
}
