import { parseArgs } from 'node:util';
import type { Topology } from './generator/fault-plan.js';
import type { SiteSpec } from './history/site-spec.js';
import { mutationNamed } from './mutation/mutations.js';

export const USAGE = `pnpm nemesis [options]
  --minutes N     how long to go on, in rounds of half a minute; default 1
  --seed S        a whole number; the same seed gives the same steps and faults. Default: drawn
  --mode M        plain, at_least_once, at_most_once, or all; default all
  --topology T    standalone, cluster or sentinel; default standalone
  --workers N     how many processes; default 5
  --bug B         puts a known defect into the built files, to see whether it is found; 'all': each in turn
                  has to be found within a minute`;

export interface NemesisOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly mode: string;
  readonly topology: Topology;
  readonly workers: number;
  readonly bug: string | undefined;
}

const SITES: readonly SiteSpec[] = [
  { name: 'plain', mode: 'plain', tiers: 'shared' },
  { name: 'tiered', mode: 'plain', tiers: 'both' },
  { name: 'least', mode: 'at_least_once', tiers: 'shared' },
  { name: 'most', mode: 'at_most_once', tiers: 'shared' },
];

/** The cached functions that a mode comes with. */
export function sitesOf(mode: string): readonly SiteSpec[] {
  return mode === 'all' ? SITES : SITES.filter((site) => site.mode === mode);
}

/** @throws Error naming the option, its value and what is accepted. */
export function readOptions(args: readonly string[]): NemesisOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { minutes: text, seed: text, mode: text, topology: text, workers: text, bug: text },
  });
  const { bug } = values;
  if (bug !== undefined && bug !== 'all') mutationNamed(bug);
  return {
    minutes: number('minutes', values.minutes ?? '1', (value) => value > 0, 'a number greater than 0'),
    seed: number('seed', values.seed ?? String(Date.now() % 2 ** 31), isWhole(0), 'a whole number'),
    mode: oneOf('mode', values.mode ?? 'all', ['all', 'plain', 'at_least_once', 'at_most_once']),
    topology: oneOf('topology', values.topology ?? 'standalone', ['standalone', 'cluster', 'sentinel']),
    workers: number('workers', values.workers ?? '5', isWhole(1), 'a whole number from 1'),
    bug,
  };
}

const isWhole =
  (least: number) =>
  (value: number): boolean =>
    Number.isSafeInteger(value) && value >= least;

function number(option: string, text: string, test: (value: number) => boolean, accepted: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (test(value)) return value;
  throw new RangeError(`--${option} is '${text}'; accepted: ${accepted}`);
}

function oneOf<const Choice extends string>(
  option: string,
  text: string,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((one) => one === text);
  if (choice !== undefined) return choice;
  throw new RangeError(`--${option} is '${text}'; accepted: ${choices.join(', ')}`);
}
