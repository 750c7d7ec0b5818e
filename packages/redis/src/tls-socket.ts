import type { ConnectionOptions } from 'node:tls';
import type { Access } from './access.js';
import { refuse } from './refuse.js';

type Socket = NonNullable<Access['socket']>;

/** The option `tls`, checked: no TLS, TLS as Node has it, or TLS as the options say. */
export function tlsOption(option: string, value: unknown, otherwise: boolean): boolean | ConnectionOptions {
  if (value === undefined) return otherwise;
  if (typeof value === 'boolean' || (typeof value === 'object' && value !== null)) return value;
  throw refuse(option, value, 'true, false or an object of TLS options');
}

/** The part of a socket's options that is about TLS. */
export function tlsSocket(tls: boolean | ConnectionOptions): Partial<Socket> {
  return tls === false ? {} : { ...(tls !== true && tls), tls: true };
}
