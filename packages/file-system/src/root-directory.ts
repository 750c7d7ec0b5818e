import { lstatSync, mkdirSync, type Stats } from 'node:fs';
import { refuse } from './options.js';

/** Write permission of group and others. */
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Makes the root if it is missing and refuses one that somebody else could lead us out of. Synchronous, so that a wrong
 * directory fails at start-up and not at the first request. A root that may only be read is fine: reads work, writes reject.
 *
 * @throws ConfigurationError saying what is wrong with the directory.
 */
export function openRoot(path: string): void {
  let stats: Stats;
  try {
    // `mkdir` follows a link and `lstat` does not: whatever the first accepted, the second sees for what it is.
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined)
      mkdirSync(path, { recursive: true, mode: 0o700 });
    stats = lstatSync(path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw refuse('directory', path, `a directory that exists or can be made (${why})`, cause);
  }
  if (stats.isSymbolicLink())
    throw refuse('directory', path, 'a directory itself, not a symbolic link to one');
  if (!stats.isDirectory()) throw refuse('directory', path, 'a directory, not a file');
  // Where there are no user ids (Windows) there is nothing to compare; access lists are not looked at.
  if (process.geteuid === undefined) return;
  if (stats.uid !== process.geteuid()) {
    throw refuse(
      'directory',
      path,
      `a directory owned by user ${process.geteuid()}, not by user ${stats.uid}`,
    );
  }
  if ((stats.mode & WRITABLE_BY_OTHERS) !== 0) {
    const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
    throw refuse(
      'directory',
      path,
      `a directory that only its owner may write to, such as mode 0700, not ${mode}`,
    );
  }
}
