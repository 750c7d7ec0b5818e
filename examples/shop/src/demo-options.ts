import { parseArgs } from 'node:util';

type Variables = Readonly<Record<string, string | undefined>>;

/** What a user may choose. */
export interface DemoOptions {
  /** Catalogue and traffic follow from it. */
  readonly seed: number;
  /** Calls that each shop answers. */
  readonly calls: number;
  readonly redisUrl: string | undefined;
}

const USAGE =
  'Usage: demo [--seed <number>] [--calls <number>], and RECOLLECT_REDIS_URL=redis://… for the row with Redis';

/** @throws Error naming the option, its value and what is accepted. */
export function readOptions(args: readonly string[], environment: Variables): DemoOptions {
  try {
    return read(args, environment);
  } catch (cause) {
    throw new Error(`${cause instanceof Error ? cause.message : cause}\n${USAGE}`, { cause });
  }
}

function read(args: readonly string[], environment: Variables): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { seed: { type: 'string' }, calls: { type: 'string' } },
  });
  const { RECOLLECT_REDIS_URL: redisUrl } = environment;
  return {
    seed: wholeNumber('--seed', values.seed ?? '42', 0, 999_999),
    calls: wholeNumber('--calls', values.calls ?? '4000', 100, 50_000),
    redisUrl: redisUrl === '' ? undefined : redisUrl,
  };
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`${option} is '${text}'; accepted: a whole number from ${least} to ${most}`);
}
