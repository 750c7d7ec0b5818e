import { type Seeded, seeded } from './seeded.js';

export type Topology = 'standalone' | 'cluster' | 'sentinel';

/** What befalls a worker, its connections, or the servers. */
export type FaultKind =
  | 'kill-worker'
  | 'stop-worker'
  | 'cut'
  | 'cut-after'
  | 'cut-before'
  | 'blackhole'
  | 'delay'
  | 'kill-clients'
  | 'pause-clients'
  | 'freeze-server'
  | 'forget-scripts'
  | 'clean-failover'
  | 'move-slot'
  | 'forced-failover'
  | 'crash-master';

export interface PlannedFault {
  /** Milliseconds after the start of the round. */
  readonly at: number;
  readonly kind: FaultKind;
  /** Absent: it befalls the servers. */
  readonly worker?: number;
  /** How long it lasts, where it lasts. */
  readonly forMs: number;
  /** Picks what is left to pick: a node, a slot, a command. From 0 on, less than 1. */
  readonly choice: number;
}

/** Of a process: killed, or stopped for up to three times its lease. */
const OF_PROCESSES = { 'kill-worker': 2, 'stop-worker': 3 } as const;
const OF_CONNECTIONS = { cut: 3, 'cut-after': 4, 'cut-before': 1, blackhole: 3, delay: 2 } as const;
const OF_SERVERS = {
  'kill-clients': 3,
  'pause-clients': 2,
  'freeze-server': 3,
  'forget-scripts': 1,
} as const;
const OF_TOPOLOGY = {
  standalone: undefined,
  cluster: { 'clean-failover': 3, 'move-slot': 3, 'crash-master': 1 },
  sentinel: { 'forced-failover': 1, 'crash-master': 1 },
} as const;

const MEAN_GAP_MS = { process: 5_000, connection: 2_000, server: 2_500, topology: 5_000 } as const;
/** After a change of the topology: the servers must have copied their data before the next, or it is lost by itself. */
const TOPOLOGY_REST_MS = 6_000;
/** Traffic is well under way before the first fault. */
const FIRST_MS = 300;

/**
 * All faults of a round, in order. Those of one target, the connections of one worker for instance, do not overlap; those of
 * different targets do.
 */
export function faultPlan(
  seed: number,
  topology: Topology,
  workers: number,
  roundMs: number,
): PlannedFault[] {
  const faults: PlannedFault[] = [];
  const add = <Kind extends FaultKind>(
    random: Seeded,
    weights: Readonly<Record<Kind, number>>,
    meanGapMs: number,
    about: { readonly worker?: number; readonly restMs?: number; readonly longestMs: number },
  ): void => {
    const { worker, restMs = 0, longestMs } = about;
    for (let at = FIRST_MS + random.wait(meanGapMs); at < roundMs; at += restMs + random.wait(meanGapMs)) {
      const forMs = random.whole(50, longestMs);
      const target = worker === undefined ? {} : { worker };
      faults.push({ at, kind: random.weighted(weights), ...target, forMs, choice: random.fraction() });
      at += forMs;
    }
  };
  for (let worker = 0; worker < workers; worker += 1) {
    const random = seeded(seed, `faults/${worker}`);
    add(random, OF_PROCESSES, MEAN_GAP_MS.process, { worker, longestMs: 1_500 });
    add(random, OF_CONNECTIONS, MEAN_GAP_MS.connection, { worker, longestMs: 900 });
  }
  add(seeded(seed, 'faults/server'), OF_SERVERS, MEAN_GAP_MS.server, { longestMs: 500 });
  const ofTopology: Partial<Record<FaultKind, number>> | undefined = OF_TOPOLOGY[topology];
  if (ofTopology !== undefined) {
    const about = { restMs: TOPOLOGY_REST_MS, longestMs: 500 };
    add(
      seeded(seed, 'faults/topology'),
      ofTopology as Record<FaultKind, number>,
      MEAN_GAP_MS.topology,
      about,
    );
  }
  return faults.sort((one, other) => one.at - other.at);
}
