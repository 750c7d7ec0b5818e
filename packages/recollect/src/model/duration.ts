import { ConfigurationError } from './errors.js';
import { shown } from './shown.js';

/** Milliseconds in each unit, keyed by the option that says it. */
const UNITS = {
  weeks: 604_800_000,
  days: 86_400_000,
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1_000,
  milliseconds: 1,
} as const;

const SHORT_UNITS: Readonly<Record<string, number>> = Object.freeze({
  w: UNITS.weeks,
  d: UNITS.days,
  h: UNITS.hours,
  m: UNITS.minutes,
  s: UNITS.seconds,
  ms: UNITS.milliseconds,
});

/** Unit words, added up: `{ hours: 1, minutes: 30 }`. */
export type DurationUnits = { readonly [unit in keyof typeof UNITS]?: number };

/** Unit words, text such as `'1h30m'` (`w d h m s ms`), or whole milliseconds. */
export type Duration = DurationUnits | string | number;

/** The longest life that can be asked for: ten years, in milliseconds. */
const LONGEST_MS = 315_360_000_000;

/** The unit words in descending order of size. */
export const DURATION_UNITS = Object.freeze(Object.keys(UNITS)) as readonly (keyof typeof UNITS)[];

/**
 * A duration in whole milliseconds. Fractions of units are fine (`{ hours: 0.5 }`); the sum is rounded.
 *
 * @throws ConfigurationError naming the option when the duration is negative, not a number, below one millisecond
 *   without being 0, or beyond ten years.
 */
export function toMilliseconds(duration: Duration, option: string): number {
  const ms =
    typeof duration === 'number'
      ? duration
      : typeof duration === 'string'
        ? parse(duration, option)
        : sum(duration, option);
  const rounded = Math.round(ms);
  if (!(ms >= 0) || rounded > LONGEST_MS || (ms > 0 && rounded === 0)) throw refuse(option, duration);
  return rounded;
}

function sum(units: DurationUnits, option: string): number {
  let ms = 0;
  let named = false;
  for (const [unit, amount] of Object.entries(units ?? {})) {
    const factor = Object.hasOwn(UNITS, unit) ? UNITS[unit as keyof typeof UNITS] : undefined;
    if (factor === undefined || typeof amount !== 'number' || !(amount >= 0))
      throw refuse(`${option}.${unit}`, amount);
    ms += amount * factor;
    named = true;
  }
  if (!named) throw refuse(option, units);
  return ms;
}

function parse(text: string, option: string): number {
  let ms = 0;
  let rest = text.trim();
  do {
    const part = /^(\d+(?:\.\d+)?)\s*(ms|[wdhms])\s*/.exec(rest);
    if (part === null) throw refuse(option, text);
    ms += Number(part[1]) * (SHORT_UNITS[part[2] as string] as number);
    rest = rest.slice(part[0].length);
  } while (rest !== '');
  return ms;
}

function refuse(option: string, value: unknown): ConfigurationError {
  return new ConfigurationError(
    `${option} is ${shown(value)}; it accepts 0 (do not store) or 1 ms to 10 years, as { hours, minutes, … }, ` +
      `as text like '1h30m' (w d h m s ms), or as milliseconds`,
  );
}
