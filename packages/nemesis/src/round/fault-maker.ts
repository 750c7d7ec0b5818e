import { setTimeout as sleep } from 'node:timers/promises';
import type { TcpProxy } from '@recollect/testing/proxy';
import type { OwnServer } from '@recollect/testing/redis';
import type { FaultKind, PlannedFault } from '../generator/fault-plan.js';
import { now } from '../history/now.js';
import type { Recorder } from '../history/recorder.js';
import type { Servers } from '../topology/servers.js';
import type { Fleet, Place } from './fleet.js';

/** Parts of the commands by which claims, commits and invalidations are made. */
const COMMANDS = ['EXEC', 'EVALSHA', 'SET', 'UNLINK', 'WATCH', 'MGET'] as const;
const WAYS = ['up', 'down', 'both'] as const;

/** Those after which bytes may arrive that were sent before. */
const HOLDING: readonly FaultKind[] = ['stop-worker', 'blackhole', 'delay', 'pause-clients', 'freeze-server'];

/** Makes faults befall workers and servers, and has them recorded. */
export class FaultMaker {
  /** A change of the topology is under way that was ordered here. */
  isChanging = false;

  constructor(
    private readonly fleet: Fleet,
    private readonly servers: Servers,
    private readonly recorder: Recorder,
  ) {}

  /** Resolves when it is over. A fault that meets nobody, such as one of a process that is just being replaced, is none. */
  async make(fault: PlannedFault): Promise<void> {
    const start = now();
    const { kind, worker } = fault;
    const happened = worker === undefined ? await this.#toServers(fault) : await this.#toWorker(fault);
    if (!happened) return;
    const about = worker === undefined ? {} : { worker };
    this.recorder.fault({ kind, ...about, start, end: now(), holdsBack: HOLDING.includes(kind) });
  }

  async #toWorker({ kind, worker, forMs, choice }: PlannedFault): Promise<boolean> {
    const place = this.fleet.places.find((one) => one.worker === worker);
    if (place?.process.isRunning !== true) return false;
    if (kind === 'kill-worker') return this.#toProcess(place, () => this.fleet.replace(place));
    if (kind === 'stop-worker') return this.#toProcess(place, () => this.#stop(place, forMs));
    for (const proxy of place.roads.proxies) await obstruct(proxy, kind, choice);
    if (kind !== 'blackhole' && kind !== 'delay') return true;
    await sleep(forMs);
    for (const proxy of place.roads.proxies) proxy.heal();
    return true;
  }

  /** One after the other: a process takes longer to start than planned where the machine has other things to do. */
  async #toProcess(place: Place, what: () => Promise<void>): Promise<boolean> {
    if (place.isBusy) return false;
    place.isBusy = true;
    try {
      await what();
    } finally {
      place.isBusy = false;
    }
    return true;
  }

  async #stop({ process }: Place, forMs: number): Promise<void> {
    process.stop();
    await sleep(forMs);
    process.resume();
  }

  async #toServers(fault: PlannedFault): Promise<boolean> {
    const { kind, forMs, choice } = fault;
    const servers = this.servers.running();
    const one = servers[Math.floor(choice * servers.length)];
    if (one === undefined) return false;
    switch (kind) {
      case 'freeze-server':
        return answered(frozen(one, forMs));
      case 'kill-clients': {
        const type = share(choice * 97) < 0.8 ? 'normal' : 'pubsub';
        return answered(one.command('CLIENT', 'KILL', 'TYPE', type));
      }
      case 'pause-clients':
        if (!(await answered(one.command('CLIENT', 'PAUSE', `${forMs}`, choice < 0.5 ? 'WRITE' : 'ALL'))))
          return false;
        await sleep(forMs);
        return true;
      case 'forget-scripts':
        return answered(Promise.all(servers.map((server) => server.command('SCRIPT', 'FLUSH'))));
      default:
        await this.#change(fault);
        return true;
    }
  }

  async #change(fault: PlannedFault): Promise<void> {
    const start = now();
    this.isChanging = true;
    // One that comes to nothing may have come half the way.
    const isForgetful = await this.servers.change(fault).catch(() => true);
    this.isChanging = false;
    if (isForgetful) this.recorder.amnesia({ start, end: now(), why: fault.kind });
  }
}

/** Rejects when another fault has ended the server before, or meanwhile. */
async function frozen(server: OwnServer, forMs: number): Promise<void> {
  server.freeze();
  await sleep(forMs);
  server.thaw();
}

/** What is behind the point. */
function share(number: number): number {
  return number - Math.floor(number);
}

/** Whether the server has done it: another fault may keep it from answering. */
function answered(asked: Promise<unknown>): Promise<boolean> {
  return asked.then(
    () => true,
    () => false,
  );
}

async function obstruct(proxy: TcpProxy, kind: FaultKind, choice: number): Promise<void> {
  const command = COMMANDS[Math.floor(choice * COMMANDS.length)] ?? 'EXEC';
  if (kind === 'cut') proxy.cut();
  else if (kind === 'cut-after') proxy.cutAfter(command);
  else if (kind === 'cut-before') proxy.cutBefore(command);
  else if (kind === 'blackhole') proxy.blackhole(WAYS[Math.floor(choice * WAYS.length)] ?? 'both');
  else if (kind === 'delay') proxy.delay(5 + choice * 60);
}
