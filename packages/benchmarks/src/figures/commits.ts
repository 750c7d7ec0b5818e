import { findRedis } from '@recollect/testing/redis';
import { Child } from '../child.js';
import type { CommitContender, CommitRound } from '../children/committer.js';
import type { Figure } from '../figure.js';
import { median } from '../pair.js';

/** Each mechanism with the floor it is compared with, and the least part of its speed. */
const PAIRS: readonly { ours: CommitContender; floor: CommitContender; least: number }[] = [
  { ours: 'watch', floor: 'node-redis, WATCH', least: 0.6 },
  { ours: 'lua', floor: 'node-redis, EVALSHA', least: 0.6 },
];
const COMMITS = 6_400;
const ROUNDS = 15;
const WARM_UP = 3;

/** Commits of 833 bytes under leases, in turns with the same commands sent without a store. */
export const commits: Figure = {
  title:
    'commits under a lease, 64 at a time; by both mechanisms at least 0.6 × the same commands sent by node-redis',
  async measure({ scale }) {
    const server = await findRedis();
    const rows = [];
    const missed: string[] = [];
    try {
      for (const { ours, floor, least } of PAIRS) {
        const { oursMs, floorMs, ratios } = await play(ours, floor, server.url, Math.ceil(ROUNDS * scale));
        const ratio = median(ratios);
        const spread = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`;
        const perSecond = (ms: readonly number[]): number => Math.round((COMMITS * 1_000) / median(ms));
        rows.push({ by: floor, 'commits per second': perSecond(floorMs), rounds: floorMs.length });
        rows.push({
          by: ours,
          'commits per second': perSecond(oursMs),
          rounds: oursMs.length,
          'of the floor': `${ratio.toFixed(2)} × (${spread})`,
        });
        if (ratio < least) missed.push(`${ours}: ${ratio.toFixed(2)} × the floor, at least ${least}`);
      }
      return { rows, missed };
    } finally {
      await server.stop();
    }
  },
};

async function play(ours: CommitContender, floor: CommitContender, url: string, rounds: number) {
  const children = {
    ours: await Child.start('committer', ours, url),
    floor: await Child.start('committer', floor, url),
  };
  const ms: { ours: number[]; floor: number[] } = { ours: [], floor: [] };
  try {
    for (let round = -WARM_UP; round < rounds; round += 1) {
      for (const who of round % 2 === 0 ? (['ours', 'floor'] as const) : (['floor', 'ours'] as const)) {
        const took = await children[who].ask<number>({ commits: COMMITS } satisfies CommitRound);
        if (round >= 0) ms[who].push(took);
      }
    }
  } finally {
    await Promise.all(Object.values(children).map((child) => child.kill()));
  }
  const ratios = ms.ours.map((took, round) => (ms.floor[round] as number) / took);
  return { oursMs: ms.ours, floorMs: ms.floor, ratios };
}
