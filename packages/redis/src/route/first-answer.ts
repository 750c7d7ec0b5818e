import type { Clock } from 'recollect';

/**
 * Asks one after the other: the next as soon as one has failed, or has said nothing for `patienceMs`; those who were
 * asked before may still answer. The first answer counts.
 *
 * @returns the answer, or a rejection that says why none of them gave one.
 */
export function firstAnswer<T>(
  clock: Clock,
  patienceMs: number,
  asked: readonly (() => Promise<T>)[],
): Promise<T> {
  return new Promise((resolve, reject) => {
    const reasons = new Set<string>();
    let next = 0;
    let failures = 0;
    let cancel = (): void => undefined;
    const askNext = (): void => {
      cancel();
      const ask = asked[next++];
      if (ask === undefined) return;
      cancel = clock.after(patienceMs, askNext);
      ask().then(
        (answer) => {
          next = asked.length;
          cancel();
          resolve(answer);
        },
        (error: unknown) => {
          reasons.add(error instanceof Error ? error.message : String(error));
          if (++failures === asked.length) reject(new Error([...reasons].join('; ')));
          else askNext();
        },
      );
    };
    askNext();
  });
}
