import { Child } from '../child.js';
import { ALLOWED_MS, CONTENDER_NAMES, type FreezerQuestion } from '../children/freezer.js';
import type { Figure, Row } from '../figure.js';
import { startOwnRedis } from '../own-redis.js';
import type { Drive } from '../steady-load.js';

const STALL_MS = 5_000;
const WARM_UP_MS = 1_000;
const MOST_RECOVERY_MS = 8_000;
const MOST_GROWN_MB = 32;

/** What a stall of one contender's server came to. */
interface Stall {
  readonly during: Drive;
  readonly healthyMs: number | undefined;
}

/** Stops a server for five seconds under 2,000 calls a second, of which each asks for something new. */
export const frozen: Figure = {
  title: `Redis stopped (SIGSTOP) for 5 s under 2,000 calls/s, load 10 ms; recollect: none later than ${ALLOWED_MS} ms, at most ${MOST_GROWN_MB} MB more`,
  async measure({ scale }) {
    const rows: Row[] = [];
    const missed: string[] = [];
    for (const name of CONTENDER_NAMES) {
      const stall = await freeze(name, STALL_MS * scale);
      rows.push(rowOf(name, stall));
      if (name === 'recollect') missed.push(...faultsOf(stall));
    }
    return { rows, missed };
  },
};

async function freeze(name: string, ms: number): Promise<Stall> {
  const server = await startOwnRedis();
  const child = await Child.start('freezer', name, server.url);
  try {
    const drive = (length: number) => child.ask<Drive>({ drive: length } satisfies FreezerQuestion);
    await drive(WARM_UP_MS);
    process.kill(server.pid, 'SIGSTOP');
    const driving = drive(ms);
    await new Promise((resolve) => setTimeout(resolve, ms));
    // Before the last calls are over: those who wait for the server wait until now.
    process.kill(server.pid, 'SIGCONT');
    const recovering = child.ask<number | undefined>({ recover: MOST_RECOVERY_MS } satisfies FreezerQuestion);
    return { during: await driving, healthyMs: await recovering };
  } finally {
    process.kill(server.pid, 'SIGCONT');
    await child.kill();
    await server.stop();
  }
}

function rowOf(name: string, { during, healthyMs }: Stall): Row {
  return {
    cache: name,
    calls: during.calls,
    late: during.late,
    'p99 ms': Math.round(during.p99Ms),
    'slowest ms': Math.round(during.slowestMs),
    rejected: during.rejected,
    'grown MB': during.grownMB.toFixed(1),
    'healthy after s': healthyMs === undefined ? 'never' : (healthyMs / 1_000).toFixed(2),
  };
}

function faultsOf({ during, healthyMs }: Stall): string[] {
  const missed: string[] = [];
  if (during.late > 0) missed.push(`${during.late} calls took longer than ${ALLOWED_MS} ms`);
  if (during.rejected > 0) missed.push(`${during.rejected} calls were rejected`);
  if (during.grownMB > MOST_GROWN_MB) missed.push(`memory grew by ${during.grownMB.toFixed(1)} MB`);
  if (healthyMs === undefined) missed.push('Redis was not used again');
  return missed;
}
