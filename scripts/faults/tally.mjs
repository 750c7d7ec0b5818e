import { UNNAMED_ROWS } from './rows.mjs';

/** @import { Outcome } from './run-rows.mjs' */

/** What became of each row in all runs so far. */
export class Tally {
  isRed = false;
  /** @type {Map<string, { tests: number, timesGreen: number, slowest: number, test: string }>} */
  #rows = new Map();
  #expected;

  /** @param {readonly string[]} [wanted] rows; those that must have a test */
  constructor(wanted) {
    this.#expected = wanted ?? UNNAMED_ROWS.map(({ row }) => row);
  }

  /**
   * @param {{ outcomes: readonly Outcome[], broken: readonly string[] }} run
   * @returns {string[]} what was red in it
   */
  add({ outcomes, broken }) {
    const reds = [...broken];
    const rows = groupByRow(outcomes);
    for (const row of this.#expected) if (!rows.has(row)) reds.push(`${row} has no test`);
    for (const [row, tests] of rows) {
      const wrong = tests.filter(({ status }) => status !== 'passed');
      reds.push(...wrong.map(({ name, status, why }) => `${name} (${status})\n${why}`.trim()));
      const soFar = this.#rows.get(row) ?? { tests: 0, timesGreen: 0, slowest: -1, test: '' };
      soFar.tests = tests.length;
      if (wrong.length === 0) soFar.timesGreen += 1;
      for (const { ms, name } of tests) {
        if (ms <= soFar.slowest) continue;
        soFar.slowest = ms;
        soFar.test = name;
      }
      this.#rows.set(row, soFar);
    }
    if (reds.length > 0) this.isRed = true;
    return reds;
  }

  /** Rows in the order of their numbers, for `console.table`. */
  table() {
    const rows = [...this.#rows].sort(([a], [b]) => Number(a.slice(1)) - Number(b.slice(1)));
    return Object.fromEntries(
      rows.map(([row, { tests, timesGreen, slowest, test }]) => [
        row,
        { tests, 'times green': timesGreen, 'slowest ms': slowest, 'slowest test': test.slice(0, 60) },
      ]),
    );
  }
}

/** @param {readonly Outcome[]} outcomes */
function groupByRow(outcomes) {
  /** @type {Map<string, Outcome[]>} */
  const rows = new Map();
  for (const outcome of outcomes) rows.set(outcome.row, [...(rows.get(outcome.row) ?? []), outcome]);
  return rows;
}
