import { checkHistory, type Verdict } from '../checker/check-history.js';
import type { Rules } from '../checker/rules.js';
import { faultPlan, type Topology } from '../generator/fault-plan.js';
import type { History } from '../history/history.js';
import { Recorder } from '../history/recorder.js';
import { reportStalls } from '../history/report-stalls.js';
import { keysOn, type Servers } from '../topology/servers.js';
import { calm } from './calm.js';
import { FaultMaker } from './fault-maker.js';
import { Fleet, type FleetPlan } from './fleet.js';
import { storm, watchTopology } from './storm.js';

const END_MS = 5_000;
/** A generous limit for a machine that has other things to do. */
const SLACK_MS = 4_000;
const LONGEST_LOAD_MS = 300;

export interface RoundPlan extends FleetPlan {
  readonly topology: Topology;
  /** How long faults go on. */
  readonly roundMs: number;
}

export interface RoundResult {
  readonly history: History;
  readonly verdict: Verdict;
}

/**
 * Workers at work under faults; then all faults end, the workers come to rest, have to agree on every value, and end. What
 * they have seen is checked.
 */
export async function runRound(
  plan: RoundPlan,
  servers: Servers,
  progress: (recorder: Recorder) => void,
): Promise<RoundResult> {
  const recorder = new Recorder();
  const fleet = new Fleet(plan, servers, recorder);
  const ticker = setInterval(() => progress(recorder), 250);
  // All that the workers send and get passes through this process.
  const endReports = reportStalls((start, end) =>
    recorder.fault({ kind: 'stall', start, end, holdsBack: true }),
  );
  try {
    await fleet.begin();
    const maker = new FaultMaker(fleet, servers, recorder);
    const endWatch = watchTopology(servers, maker, recorder);
    const faults = faultPlan(plan.seed, plan.topology, plan.workers, plan.roundMs);
    await storm(faults, plan.roundMs, maker);
    for (const { roads } of fleet.places) for (const proxy of roads.proxies) proxy.heal();
    await servers.settled();
    await endWatch();
    const rules = rulesFor(plan);
    await calm(fleet.places, rules.settleWithin / 1_000);
    await Promise.all(fleet.places.map(({ process }) => process.ended(END_MS)));
    const leftovers = leasesAmong(await keysOn(await servers.masters(), plan.namespace));
    await fleet.closeRoads();
    const history = recorder.history(leftovers);
    return { history, verdict: checkHistory(history, rules) };
  } catch (error) {
    await fleet.killAll();
    throw error;
  } finally {
    clearInterval(ticker);
    endReports();
  }
}

function rulesFor({ sites, timing }: Pick<FleetPlan, 'sites' | 'timing'>): Rules {
  const { leaseMs, waitMs, deadlineMs } = timing;
  const settleMs = waitMs + leaseMs + LONGEST_LOAD_MS + 6 * deadlineMs + SLACK_MS;
  return {
    sites,
    settleWithin: settleMs * 1_000,
    late: 1_000_000,
    // The guards cut off a tenth earlier.
    deadline: 0.8 * deadlineMs * 1_000,
    lag: 1_000_000,
    landing: 2 * deadlineMs * 1_000,
    errorEndsEpoch: true,
  };
}

/** The keys of claims and heartbeats; the others are values, tombstones, version ids and fence numbers. */
function leasesAmong(keys: readonly string[]): string[] {
  return keys.filter((key) => /@(?:lease|alive)$/.test(key));
}
