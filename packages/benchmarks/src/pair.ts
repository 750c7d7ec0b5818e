/** One way of doing the work; returns a checksum, so that nothing is optimised away and answers can be compared. */
export type Work = (iterations: number) => number | Promise<number>;

/** What a paired measurement came to. */
export interface PairResult {
  readonly limitNs: number;
  readonly oursNs: number;
  /** Median of the ratios of neighbouring rounds. */
  readonly ratio: number;
  readonly lowest: number;
  readonly highest: number;
}

const ROUNDS = 31;
const WARM_UP = 3;

/**
 * Runs both in turn, round by round, and compares each round with its neighbour: what slows the machine down for a while
 * slows both.
 */
export async function measurePair(limit: Work, ours: Work, iterations: number): Promise<PairResult> {
  const rounds: { limit: number; ours: number }[] = [];
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    // The order alternates, so that neither always runs on what the other left behind.
    const first = round % 2 === 0 ? limit : ours;
    const second = first === limit ? ours : limit;
    const one = await time(first, iterations);
    const two = await time(second, iterations);
    if (one.sum !== two.sum) throw new Error(`the two do not agree: ${one.sum} and ${two.sum}`);
    if (round < 0) continue;
    rounds.push(first === limit ? { limit: one.ns, ours: two.ns } : { limit: two.ns, ours: one.ns });
  }
  const ratios = rounds.map((round) => round.ours / round.limit).sort((a, b) => a - b);
  return {
    limitNs: median(rounds.map((round) => round.limit)),
    oursNs: median(rounds.map((round) => round.ours)),
    ratio: median(ratios),
    lowest: ratios[0] as number,
    highest: ratios.at(-1) as number,
  };
}

async function time(work: Work, iterations: number): Promise<{ ns: number; sum: number }> {
  const start = process.hrtime.bigint();
  const sum = await work(iterations);
  return { ns: Number(process.hrtime.bigint() - start) / iterations, sum };
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}
