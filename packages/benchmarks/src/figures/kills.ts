import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findRedis } from '@recollect/testing/redis';
import type { AtomicMode } from 'recollect';
import { Child } from '../child.js';
import { CLAIM_LOAD_MS, type ClaimResult, LEASE_MS, type Start } from '../children/claimant.js';
import type { Figure, Row } from '../figure.js';
import { seeded } from '../seeded.js';

const KILLS = 100;
/** So many holders live at any time, each with somebody who waits for it. */
const LANES = 4;
const ADDED_MS = 100;
/** After it was called: before its claim, in its load, at its commit, and when all was over. */
const LATEST_KILL_MS = CLAIM_LOAD_MS + 100;

/** One holder's end, and what it meant for the one who waited, and for one who came when all was over. */
interface Kill {
  readonly id: number;
  readonly at: number;
  readonly waiter: ClaimResult;
  readonly latecomer: ClaimResult;
}

/** Kills processes that hold a lease, at random moments. */
export const kills: Figure = {
  title: `${KILLS} × kill -9 of a process that loads under a lease of ${LEASE_MS} ms; at most once: none starts twice; at least once: taken over within the lease + ${ADDED_MS} ms`,
  async measure({ scale, seed }) {
    const rows: Row[] = [];
    const missed: string[] = [];
    for (const mode of ['at_most_once', 'at_least_once'] as const) {
      const { all, starts } = await killAll(mode, Math.ceil(KILLS * scale), seeded(seed));
      const judged = judge(mode, all, starts);
      rows.push(judged.row);
      missed.push(...judged.missed.map((what) => `${mode}: ${what}`));
    }
    return { rows, missed };
  },
};

async function killAll(mode: AtomicMode, count: number, random: () => number) {
  const server = await findRedis();
  const directory = await mkdtemp(join(tmpdir(), 'recollect-kills-'));
  const log = join(directory, 'starts');
  await writeFile(log, '');
  const all: Kill[] = [];
  let id = 0;
  const lane = async (): Promise<void> => {
    const [waiter, latecomer] = [await start(), await start()];
    try {
      while (id < count) all.push(await killOne(id++, await start(), waiter, latecomer, random));
    } finally {
      await Promise.all([waiter.kill(), latecomer.kill()]);
    }
  };
  const start = (): Promise<Child> => Child.start('claimant', server.url, mode, log);
  try {
    await Promise.all(Array.from({ length: LANES }, lane));
    const lines = (await readFile(log, 'utf8')).trim().split('\n');
    const starts = lines.map((line) => JSON.parse(line) as Start).filter((each) => each.id >= 0);
    return { all, starts };
  } finally {
    await server.stop();
    await rm(directory, { recursive: true });
  }
}

async function killOne(
  id: number,
  holder: Child,
  waiter: Child,
  latecomer: Child,
  random: () => number,
): Promise<Kill> {
  const [killAfter, waitAfter] = [random() * LATEST_KILL_MS, random() * CLAIM_LOAD_MS];
  // Connected, and compiled somewhat: else it would always come second.
  await holder.ask(-1 - id);
  holder.ask(id).catch(() => undefined);
  const waited = sleep(waitAfter).then(() => waiter.ask<ClaimResult>(id));
  await sleep(killAfter);
  const at = Date.now();
  await holder.kill();
  return { id, at, waiter: await waited, latecomer: await latecomer.ask<ClaimResult>(id) };
}

function judge(mode: AtomicMode, all: readonly Kill[], starts: readonly Start[]) {
  const startsOf = (id: number): Start[] =>
    starts.filter((start) => start.id === id).sort((a, b) => a.at - b.at);
  const twice = all.filter(({ id }) => startsOf(id).length > 1);
  const outcomes = all.flatMap(({ waiter, latecomer }) => [waiter.outcome, latecomer.outcome]);
  const count = (outcome: ClaimResult['outcome']): number =>
    outcomes.filter((each) => each === outcome).length;
  // From the kill to the second start, or to the news that nobody can know.
  const waits =
    mode === 'at_least_once'
      ? twice.map(({ id, at }) => (startsOf(id)[1] as Start).at - at)
      : all.flatMap(({ at, waiter }) => (waiter.outcome === 'indeterminate' ? [waiter.at - at] : []));
  const longest = Math.max(0, ...waits);
  const odd = count('another error') + count('wrong value') + count('unavailable') + count('contention');
  const missed: string[] = [];
  if (mode === 'at_most_once' && twice.length > 0) missed.push(`${twice.length} started twice`);
  if (all.some(({ id }) => startsOf(id).length > 2)) missed.push('one started three times');
  if (mode === 'at_least_once' && count('indeterminate') > 0) missed.push('somebody got no value');
  if (odd > 0) missed.push(`${odd} calls came to something else`);
  if (longest > LEASE_MS + ADDED_MS)
    missed.push(`${longest} ms after the kill, at most ${LEASE_MS + ADDED_MS}`);
  const row: Row = {
    mode,
    kills: all.length,
    starts: starts.length,
    'started twice': twice.length,
    values: count('value'),
    indeterminate: count('indeterminate'),
    'other outcomes': odd,
    'from kill to takeover or news, longest ms': longest,
  };
  return { row, missed };
}
