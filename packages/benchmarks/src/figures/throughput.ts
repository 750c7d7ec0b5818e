import { findRedis } from '@recollect/testing/redis';
import { Child } from '../child.js';
import type { Contender, Overlap, Round, RoundResult } from '../children/reader.js';
import type { Figure, Row } from '../figure.js';
import { median } from '../pair.js';

const CONTENDERS: readonly Contender[] = ['node-redis', 'node-redis, timeout: 0', 'recollect'];
const CALLS: Readonly<Record<Overlap, number>> = {
  sequential: 1_000,
  '64 at a time': 12_800,
  '1,000 at once': 12_000,
};
const ROUNDS = 15;
const WARM_UP = 3;
/** Of the speed of each of the clients, with 64 reads at any time. */
const LEAST = 0.7;

/** Reads in turns, one process each, so that what slows the machine down for a while slows all of them. */
export const throughput: Figure = {
  title: `shared hits through a decorated method; with 64 at a time at least ${LEAST} × node-redis GET and JSON.parse`,
  async measure({ scale }) {
    const server = await findRedis();
    const children = new Map<Contender, Child>();
    try {
      for (const each of CONTENDERS) children.set(each, await Child.start('reader', each, server.url));
      const rows: Row[] = [];
      const missed: string[] = [];
      for (const overlap of Object.keys(CALLS) as Overlap[]) {
        const rounds = await play(children, overlap, Math.ceil(ROUNDS * scale));
        rows.push(...rowsOf(overlap, rounds));
        if (overlap === '64 at a time') missed.push(...shortfalls(rounds));
      }
      return { rows, missed };
    } finally {
      for (const child of children.values()) await child.kill();
      await server.stop();
    }
  },
};

type Rounds = readonly ReadonlyMap<Contender, RoundResult>[];

async function play(
  children: ReadonlyMap<Contender, Child>,
  overlap: Overlap,
  count: number,
): Promise<Rounds> {
  const rounds: Map<Contender, RoundResult>[] = [];
  for (let number = -WARM_UP; number < count; number += 1) {
    const round = new Map<Contender, RoundResult>();
    // Who goes first changes, so that nobody always runs on what the same other left behind.
    for (let turn = 0; turn < CONTENDERS.length; turn += 1) {
      const contender = CONTENDERS[(number + WARM_UP + turn) % CONTENDERS.length] as Contender;
      const question: Round = { overlap, calls: CALLS[overlap] };
      round.set(contender, await (children.get(contender) as Child).ask<RoundResult>(question));
    }
    const sums = new Set([...round.values()].map(({ sum }) => sum));
    if (sums.size !== 1) throw new Error(`the contenders do not agree: ${[...sums].join(', ')}`);
    if (number >= 0) rounds.push(round);
  }
  return rounds;
}

/** Speeds of the decorated method in parts of a contender's, round by round, in ascending order. */
function ratios(rounds: Rounds, contender: Contender): number[] {
  const msOf = (round: ReadonlyMap<Contender, RoundResult>, who: Contender) =>
    (round.get(who) as RoundResult).ms;
  return rounds.map((round) => msOf(round, contender) / msOf(round, 'recollect')).sort((a, b) => a - b);
}

function rowsOf(overlap: Overlap, rounds: Rounds): Row[] {
  return CONTENDERS.map((contender) => {
    const of = (part: 'ms' | 'cpuMs'): number =>
      median(rounds.map((round) => (round.get(contender) as RoundResult)[part]));
    const ms = of('ms');
    const loads = rounds.reduce((sum, round) => sum + (round.get(contender) as RoundResult).loads, 0);
    const all = ratios(rounds, contender);
    const [lowest, highest] = [all[0] as number, all.at(-1) as number];
    return {
      reads: overlap,
      by: contender,
      'µs per read': ((ms * 1_000) / CALLS[overlap]).toFixed(1),
      'CPU µs': ((of('cpuMs') * 1_000) / CALLS[overlap]).toFixed(1),
      'per second': Math.round((CALLS[overlap] * 1_000) / ms),
      ...(contender !== 'recollect' && {
        'recollect is': `${median(all).toFixed(2)} × as fast (${lowest.toFixed(2)}–${highest.toFixed(2)})`,
      }),
      rounds: rounds.length,
      ...(loads > 0 && { 'not from Redis': loads }),
    };
  });
}

function shortfalls(rounds: Rounds): string[] {
  const raw = CONTENDERS.filter((contender) => contender !== 'recollect');
  return raw
    .filter((contender) => median(ratios(rounds, contender)) < LEAST)
    .map(
      (contender) =>
        `${median(ratios(rounds, contender)).toFixed(2)} × the speed of ${contender}, at least ${LEAST}`,
    );
}
