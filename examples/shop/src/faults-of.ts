import { inspect, isDeepStrictEqual } from 'node:util';
import type { Row } from './rows.js';
import type { Call, Traffic } from './traffic.js';

/** Counts of a row; `hits` and `loads` are the cache's, `queries` the database's. */
export interface Counts {
  readonly calls: number;
  readonly hits: number;
  readonly loads: number;
  readonly queries: number;
}

/**
 * What does not add up in a row, in words.
 *
 * @param shares What was played to each of the row's shops.
 */
export function faultsOfCounts(row: Row, counts: Counts, shares: readonly Traffic[]): string[] {
  const { calls, hits, loads, queries } = counts;
  const [least, most] = expectedQueries(row, calls, shares);
  const faults: string[] = [];
  if (queries < least || queries > most) {
    const expected = least === most ? `${least}` : `${least} to ${most}`;
    faults.push(`the database ran ${queries} statements, expected were ${expected}`);
  }
  if (loads !== queries) {
    faults.push(`the cache counted ${loads} loads, the database ran ${queries} statements`);
  }
  if (hits + loads !== calls) faults.push(`${hits} hits and ${loads} loads do not make ${calls} calls`);
  return faults;
}

/**
 * What was answered wrongly, one for each shop that did.
 *
 * @param given Answers to the samples, per shop.
 * @param truth Answers of an uncached shop to the same.
 */
export function faultsOfAnswers(
  samples: readonly Call[],
  given: readonly (readonly unknown[])[],
  truth: readonly unknown[],
): string[] {
  return given.flatMap((answers) => {
    const wrong = truth.findIndex((answer, at) => !isDeepStrictEqual(answers[at], answer));
    if (wrong < 0) return [];
    const answer = `${inspect(samples[wrong])} was answered ${inspect(answers[wrong])}`;
    return [`${answer}, the database says ${inspect(truth[wrong])}`];
  });
}

/** Each entry is loaded once where it is remembered. Processes that share entries may load one at the same moment. */
function expectedQueries(
  row: Row,
  calls: number,
  shares: readonly Traffic[],
): readonly [least: number, most: number] {
  if (row.remembers === 'nothing') return [calls, calls];
  if (row.starts === 'warm') return [0, 0];
  const least = distinct(shares.flatMap((share) => share.calls));
  if (shares.length === 1) return [least, least];
  const withoutSharing = shares.reduce((sum, share) => sum + distinct(share.calls), 0);
  return [least, Math.max(least, withoutSharing - 1)];
}

function distinct(calls: readonly Call[]): number {
  return new Set(calls.map((call) => JSON.stringify(call))).size;
}
