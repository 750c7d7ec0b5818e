import { resolve } from 'node:path';
import { ConfigurationError } from 'recollect';

/** Where the records lie and how many may. Values are checked in the constructor; an unknown name is refused. */
export interface FileSystemCacheOptions {
  /**
   * The directory to keep records in; it should hold nothing else. Relative paths are resolved once, at the start. It is
   * made with mode 0700 when it is missing. Refused: a symbolic link, a directory of another user, one that group or
   * others may write to.
   */
  readonly directory: string;
  /** How many records may lie there, from 1. Default 10,000. */
  readonly threshold?: number | undefined;
  /** How many bytes all record files may have together, from 1; a record beyond it is refused. Default 256 MiB. */
  readonly maxBytes?: number | undefined;
  /** Milliseconds between two sweeps for what has expired; 0: never by itself. Default 60,000. */
  readonly sweepIntervalMs?: number | undefined;
}

/** Options with every field present; `directory` is absolute. */
export type FileSystemCachePolicy = {
  readonly [name in keyof FileSystemCacheOptions]-?: NonNullable<FileSystemCacheOptions[name]>;
};

const NAMES = ['directory', 'threshold', 'maxBytes', 'sweepIntervalMs'];

/** The longest delay a timer of the platform keeps to. */
const LONGEST_DELAY_MS = 2_147_483_647;

/** @throws ConfigurationError naming the option, its value and what is accepted. */
export function toPolicy(options: FileSystemCacheOptions): FileSystemCachePolicy {
  if (typeof options !== 'object' || options === null) {
    throw new ConfigurationError(
      `FileSystemCache options are ${shown(options)}; accepted: { directory: '…' }.`,
    );
  }
  for (const name of Object.keys(options)) {
    if (!NAMES.includes(name)) {
      throw new ConfigurationError(`FileSystemCache has no option "${name}"; accepted: ${NAMES.join(', ')}.`);
    }
  }
  const { directory, threshold, maxBytes, sweepIntervalMs } = options;
  if (typeof directory !== 'string' || directory === '' || directory.includes('\0')) {
    throw refuse('directory', directory, 'a path, absolute or relative to the working directory');
  }
  return Object.freeze({
    directory: resolve(directory),
    threshold: wholeNumber('threshold', threshold, 1, Number.MAX_SAFE_INTEGER) ?? 10_000,
    maxBytes: wholeNumber('maxBytes', maxBytes, 1, Number.MAX_SAFE_INTEGER) ?? 256 * 1024 * 1024,
    sweepIntervalMs: wholeNumber('sweepIntervalMs', sweepIntervalMs, 0, LONGEST_DELAY_MS) ?? 60_000,
  });
}

/** The error for an option that cannot be meant. */
export function refuse(
  option: string,
  value: unknown,
  accepted: string,
  cause?: unknown,
): ConfigurationError {
  const message = `FileSystemCache option "${option}" is ${shown(value)}; accepted: ${accepted}.`;
  return new ConfigurationError(message, cause === undefined ? undefined : { cause });
}

function wholeNumber(option: string, value: unknown, least: number, most: number): number | undefined {
  if (value === undefined) return undefined;
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most)
    return value as number;
  throw refuse(option, value, `a whole number from ${least} to ${most}`);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  return Array.isArray(value) ? 'an array' : 'an object';
}
