import type { DurationUnits } from './duration.js';

/** Lives people ask for by name: `@cached(TTL.FIFTEEN_MINUTES)`. */
export const TTL = Object.freeze({
  ONE_SECOND: { seconds: 1 },
  FIVE_SECONDS: { seconds: 5 },
  TEN_SECONDS: { seconds: 10 },
  THIRTY_SECONDS: { seconds: 30 },
  ONE_MINUTE: { minutes: 1 },
  FIVE_MINUTES: { minutes: 5 },
  TEN_MINUTES: { minutes: 10 },
  FIFTEEN_MINUTES: { minutes: 15 },
  HALF_AN_HOUR: { minutes: 30 },
  ONE_HOUR: { hours: 1 },
  SIX_HOURS: { hours: 6 },
  TWELVE_HOURS: { hours: 12 },
  ONE_DAY: { days: 1 },
  ONE_WEEK: { weeks: 1 },
  THIRTY_DAYS: { days: 30 },
} as const satisfies Record<string, DurationUnits>);
