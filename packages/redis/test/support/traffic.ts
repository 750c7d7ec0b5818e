/** What became of a stream of calls. */
export interface Figures {
  readonly calls: number;
  readonly failed: number;
  /** Of the slowest call, in milliseconds. */
  readonly slowest: number;
}

/** Calls at a steady pace, whatever becomes of those before, for so many milliseconds, and waits for all of them. */
export async function traffic(call: () => Promise<unknown>, ms: number): Promise<Figures> {
  let failed = 0;
  let slowest = 0;
  const running: Promise<void>[] = [];
  const end = performance.now() + ms;
  while (performance.now() < end) {
    const since = performance.now();
    const over = () => {
      slowest = Math.max(slowest, performance.now() - since);
    };
    const fail = () => {
      failed += 1;
      over();
    };
    running.push(call().then(over, fail));
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await Promise.all(running);
  return { calls: running.length, failed, slowest };
}
