import type { Recorder } from '../history/recorder.js';
import type { SiteSpec } from '../history/site-spec.js';
import type { Roads, Servers } from '../topology/servers.js';
import type { Task, Timing } from '../worker/task.js';
import { WorkerProcess } from './worker-process.js';

/** Leases are kept in one of two ways; who keeps them in different ways must get along. */
const MECHANISMS = ['auto', 'watch', 'lua'] as const;

/** What all processes of a round have in common. */
export interface FleetPlan {
  readonly workers: number;
  readonly seed: number;
  readonly namespace: string;
  readonly sites: readonly SiteSpec[];
  readonly keys: readonly string[];
  readonly clients: number;
  readonly timing: Timing;
  readonly mutation: string | undefined;
}

/** The place of a worker: its roads outlive the processes that come and go on it. */
export interface Place {
  readonly worker: number;
  readonly roads: Roads;
  process: WorkerProcess;
  /** Something is being done to its process. */
  isBusy: boolean;
}

/** The workers of a round. */
export class Fleet {
  readonly places: Place[] = [];
  #births = 0;

  constructor(
    private readonly plan: FleetPlan,
    private readonly servers: Servers,
    private readonly recorder: Recorder,
  ) {}

  /** @throws Error when a process does not come up. */
  async begin(): Promise<void> {
    const workers = Array.from({ length: this.plan.workers }, (_, worker) => worker);
    await Promise.all(
      workers.map(async (worker) => {
        const roads = await this.servers.openRoads();
        const place = { worker, roads, process: this.#born(worker), isBusy: false };
        this.places.push(place);
        await this.#begin(place);
      }),
    );
    this.places.sort((one, other) => one.worker - other.worker);
  }

  /** Kills the process of a place and starts another in it. */
  async replace(place: Place): Promise<void> {
    await place.process.kill();
    place.process = this.#born(place.worker);
    await this.#begin(place);
  }

  async killAll(): Promise<void> {
    await Promise.all(this.places.map(({ process }) => process.kill()));
    await this.closeRoads();
  }

  async closeRoads(): Promise<void> {
    await Promise.all(this.places.flatMap(({ roads }) => roads.proxies.map((proxy) => proxy.close())));
  }

  #born(worker: number): WorkerProcess {
    this.#births += 1;
    return new WorkerProcess(`w${worker}.${this.#births}`, worker, this.recorder, this.plan.mutation);
  }

  #begin({ process, roads, worker }: Place): Promise<void> {
    const { seed, namespace, sites, keys, clients, timing } = this.plan;
    const task: Task = {
      seed,
      process: process.name,
      namespace,
      sites,
      keys,
      clients,
      servers: { ...roads.options, mechanism: MECHANISMS[worker % MECHANISMS.length] },
      timing,
    };
    return process.begin(task);
  }
}
