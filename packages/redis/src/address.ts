/** Where a server listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** `host:port`, as servers write it, and by which they are told apart: of an IPv6 address without brackets. */
export function nameOf({ host, port }: Address): string {
  return `${host}:${port}`;
}

/**
 * The address in `host:port`, or in `host` where there is a usual port; `undefined` where it is none. What follows the last
 * colon is the port, since servers announce IPv6 addresses without brackets; with brackets they are taken as well.
 */
export function addressIn(text: string, usualPort?: number): Address | undefined {
  const [, inBrackets, plain, digits] = /^(?:\[([^\]\s/@]+)\]|([^[\]\s/@]*?))(?::(\d+))?$/.exec(text) ?? [];
  const host = inBrackets ?? plain ?? '';
  const port = digits === undefined ? usualPort : Number(digits);
  const isCut = digits === undefined && plain?.includes(':') === true;
  if (host === '' || isCut || port === undefined || port < 1 || port > 65_535) return undefined;
  return { host, port };
}
