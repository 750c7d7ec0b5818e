import { refuse, refuseSecret } from './refuse.js';

/** The value if it is a whole number in these bounds, or absent. */
export function wholeNumber(option: string, value: unknown, least: number, most: number): number | undefined {
  if (value === undefined) return undefined;
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most)
    return value as number;
  throw refuse(option, value, `a whole number from ${least} to ${most}`);
}

/** The value if it is a text that is not empty, or absent. */
export function text(option: string, value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw refuse(option, value, 'a text that is not empty');
}

/** The same for what must not be shown. */
function secretText(option: string, value: unknown): string | undefined {
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw refuseSecret(option, value, 'a text that is not empty');
}

/**
 * Name and password; those that are absent are left out.
 *
 * @param within What the options are called by, before their names.
 */
export function credentials(
  options: { readonly username?: unknown; readonly password?: unknown },
  within = '',
): { username?: string; password?: string } {
  const username = text(`${within}username`, options.username);
  const password = secretText(`${within}password`, options.password);
  if (username !== undefined && password === undefined)
    throw refuse(`${within}username`, username, 'a name with a "password"');
  return { ...(username !== undefined && { username }), ...(password !== undefined && { password }) };
}

/** The value if it names a machine, or absent. A URL in its place would only fail at the first look-up. */
export function hostName(value: unknown): string | undefined {
  const host = text('host', value);
  if (host === undefined || /^[^\s/@]+$/.test(host)) return host;
  throw refuse('host', host, 'a host name or an address; a whole URL goes into "url"');
}
