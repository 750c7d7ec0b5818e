import { findRedis } from '@recollect/testing/redis';
import { Child } from '../child.js';
import { RUSH_LOAD_MS, type Rush, type RushResult } from '../children/crowd.js';
import type { Figure, Row } from '../figure.js';

const PROCESSES = 4;
const CALLERS = 2_500;
const ROUNDS = 10;
/** The first rounds find nothing compiled. */
const WARM_UP = 3;
const ADDED_MS = 150;

/** A cold key that everybody wants at once, in several processes. */
export const stampede: Figure = {
  title: `${PROCESSES} processes × ${CALLERS.toLocaleString('en')} callers of a cold key, load ${RUSH_LOAD_MS} ms, lease: true; 1 load, p99 at most load + ${ADDED_MS} ms`,
  async measure({ scale }) {
    const server = await findRedis();
    const crowds: Child[] = [];
    try {
      for (let each = 0; each < PROCESSES; each += 1) crowds.push(await Child.start('crowd', server.url));
      const rows: Row[] = [];
      const missed: string[] = [];
      for (let round = 1 - WARM_UP; round <= ROUNDS * scale; round += 1) {
        const rush: Rush = { id: round + WARM_UP, callers: CALLERS, startAt: Date.now() + 50 };
        const results = await Promise.all(crowds.map((child) => child.ask<RushResult>(rush)));
        const row = rowOf(round, results);
        rows.push(row);
        if (row.loads !== 1 || row.failed !== 0)
          missed.push(`round ${round}: ${row.loads} loads, ${row.failed} failed`);
        if (round > 0 && Number(row['p99 ms']) > RUSH_LOAD_MS + ADDED_MS)
          missed.push(`round ${round}: p99 ${row['p99 ms']} ms`);
      }
      return { rows, missed };
    } finally {
      for (const child of crowds) await child.kill();
      await server.stop();
    }
  },
};

function rowOf(round: number, results: readonly RushResult[]): Row {
  const tookMs = results.flatMap((result) => result.tookMs).sort((a, b) => a - b);
  const at = (share: number): string => (tookMs[Math.ceil(tookMs.length * share) - 1] ?? 0).toFixed(0);
  const sum = (of: 'loads' | 'failed'): number => results.reduce((total, result) => total + result[of], 0);
  return {
    round: round > 0 ? round : 'warm-up',
    calls: tookMs.length,
    loads: sum('loads'),
    failed: sum('failed'),
    'p50 ms': at(0.5),
    'p99 ms': at(0.99),
    'slowest ms': at(1),
  };
}
