import { setTimeout as sleep } from 'node:timers/promises';
import type { PlannedFault } from '../generator/fault-plan.js';
import { now } from '../history/now.js';
import type { Recorder } from '../history/recorder.js';
import type { Servers } from '../topology/servers.js';
import type { FaultMaker } from './fault-maker.js';

const WATCH_MS = 200;

/** Lets the faults come at their times, each for as long as it takes, until the storm is over. */
export async function storm(
  faults: readonly PlannedFault[],
  roundMs: number,
  maker: FaultMaker,
): Promise<void> {
  const start = performance.now();
  const until = (at: number): Promise<void> => sleep(Math.max(0, start + at - performance.now()));
  const underWay: Promise<void>[] = [];
  for (const fault of faults) {
    await until(fault.at);
    underWay.push(maker.make(fault));
  }
  await until(roundMs);
  await Promise.all(underWay);
}

/**
 * Watches for changes of the topology that nobody has ordered: servers that were slow for too long have lost their place, and
 * with it what they had acknowledged. The returned function ends it.
 */
export function watchTopology(servers: Servers, maker: FaultMaker, recorder: Recorder): () => Promise<void> {
  let isOver = false;
  const watch = async (): Promise<void> => {
    let known: string | undefined;
    let since = now();
    for (; !isOver; await sleep(WATCH_MS)) {
      const at = now();
      const view = maker.isChanging ? undefined : await servers.view().catch(() => '');
      if (view === '') continue;
      const isNews = known !== undefined && view !== undefined && view !== known && !maker.isChanging;
      if (isNews) {
        // Whoever was replaced and is alive goes on serving until it is told.
        await servers.settled().catch(() => {});
        recorder.amnesia({ start: since, end: now(), why: 'the topology has changed by itself' });
      }
      known = isNews || maker.isChanging ? undefined : view;
      since = at;
    }
  };
  const watching = watch();
  return async () => {
    isOver = true;
    await watching;
  };
}
