import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks again and again until nothing is missing.
 *
 * @param missing What is, in words; `undefined` for nothing. An error is what is missing, too.
 * @throws Error with what was missing at last.
 */
export async function waitUntil(
  missing: () => Promise<string | undefined>,
  timeoutMs: number,
): Promise<void> {
  const giveUp = performance.now() + timeoutMs;
  for (;;) {
    const why = await missing().catch((error: Error) => error.message);
    if (why === undefined) return;
    if (performance.now() > giveUp) throw new Error(`still after ${timeoutMs} ms: ${why}`);
    await sleep(10);
  }
}
