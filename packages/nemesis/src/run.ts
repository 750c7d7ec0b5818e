import { seeded } from './generator/seeded.js';
import { keysOf } from './generator/steps.js';
import { type NemesisOptions, sitesOf } from './options.js';
import { dumpHistory } from './output/dump-history.js';
import { excerpt } from './output/excerpt.js';
import { Tally } from './output/tally.js';
import { type RoundPlan, type RoundResult, runRound } from './round/round.js';
import { startServers } from './topology/start-servers.js';

const ROUND_MS = 30_000;
/** A defect shows in many rounds, or in none. */
const ROUND_WITH_BUG_MS = 15_000;
const KEYS = 6;
const CLIENTS = 4;
const MOST_SHOWN = 3;
/** A lease is short, so that processes are stopped for longer. */
const TIMING = { leaseMs: 500, waitMs: 1_500, retentionMs: 3_600_000, deadlineMs: 250 } as const;

export interface Run {
  readonly options: NemesisOptions;
  /** Says something to whoever looks on. */
  say(line: string): void;
  /** The same, in place of what it said last. */
  progress(line: string): void;
}

/** Rounds until the time is over, or something was found; how much was. */
export async function run({ options, say, progress }: Run): Promise<Tally> {
  const { bug, minutes, seed, topology } = options;
  const total = minutes * 60_000;
  const roundMs = Math.min(bug === undefined ? ROUND_MS : ROUND_WITH_BUG_MS, total);
  const rounds = Math.max(1, Math.round(total / roundMs));
  const tally = new Tally();
  const servers = await startServers(topology);
  try {
    for (let round = 0; round < rounds && tally.violations === 0; round += 1) {
      // The first round of a seed is that of the seed itself: so any round can be had again alone.
      const own = round === 0 ? seed : seeded(seed, `round/${round}`).whole(0, 2 ** 31 - 1);
      const start = performance.now();
      const result = await runRound(planOf(options, own, roundMs), servers, ({ operations, faults }) => {
        const s = ((performance.now() - start) / 1_000).toFixed(0);
        progress(
          `round ${round + 1} of ${rounds}, seed ${own}: ${s} s, ${operations} operations, ${faults} faults`,
        );
      });
      tally.add(result);
      if (result.verdict.violations.length > 0) await tell(result, own, roundMs, options, say);
    }
  } finally {
    await servers.stop();
  }
  return tally;
}

function planOf({ bug, mode, topology, workers }: NemesisOptions, seed: number, roundMs: number): RoundPlan {
  return {
    workers,
    seed,
    namespace: `nemesis-${seed}-${process.pid}-${performance.now().toFixed(0)}`,
    sites: sitesOf(mode),
    keys: keysOf(KEYS),
    clients: CLIENTS,
    timing: TIMING,
    mutation: bug,
    topology,
    roundMs,
  };
}

async function tell(
  result: RoundResult,
  seed: number,
  roundMs: number,
  { bug, mode, topology, workers }: NemesisOptions,
  say: Run['say'],
): Promise<void> {
  const { violations } = result.verdict;
  for (const violation of violations.slice(0, MOST_SHOWN)) {
    say(`${violation.invariant}, ${violation.subject}: ${violation.message}`);
    for (const line of excerpt(result.history, violation)) say(line);
  }
  if (violations.length > MOST_SHOWN) say(`… and ${violations.length - MOST_SHOWN} more`);
  say(`everything: ${await dumpHistory(result)}`);
  const again = `pnpm nemesis --minutes ${roundMs / 60_000} --seed ${seed} --mode ${mode} --topology ${topology}`;
  say(`again: ${again} --workers ${workers}${bug === undefined ? '' : ` --bug ${bug}`}`);
}
