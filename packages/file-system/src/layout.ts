import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';

/** Where the record of a key lies. */
export interface Place {
  /** SHA-256 of the key in hex: all that a path ever shows of a key. */
  readonly digest: string;
  readonly directory: string;
  readonly path: string;
}

const FAN = /^[0-9a-f]{2}$/;
const RECORD = /^[0-9a-f]{62}$/;
const TEMPORARY = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/;
const HELD = /^([0-9a-f]{64})\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The names below the root: records in 256 directories (`ab/cd…`, so that none grows long), files being written beside
 * them, and `held`, where records are taken that are about to be removed. Any other name is somebody else's: never
 * opened, never removed.
 */
export class Layout {
  readonly held: string;

  constructor(readonly root: string) {
    this.held = join(root, 'held');
  }

  place(key: string): Place {
    // UTF-16 as it stands: in UTF-8 every lone surrogate becomes the same replacement character.
    return this.placeOf(createHash('sha256').update(Buffer.from(key, 'utf16le')).digest('hex'));
  }

  placeOf(digest: string): Place {
    const directory = join(this.root, digest.slice(0, 2));
    return { digest, directory, path: join(directory, digest.slice(2)) };
  }

  /** A name nobody else has, in the directory of the record: a rename must not cross file systems. */
  temporary(directory: string): string {
    return join(directory, `${randomUUID()}.tmp`);
  }

  holding(digest: string): string {
    return join(this.held, `${digest}.${randomUUID()}`);
  }

  /** The directories of records among the names in the root. */
  fan(names: readonly string[]): string[] {
    return names.filter((name) => FAN.test(name)).map((name) => join(this.root, name));
  }

  /** What lies in a directory of records, by its names. */
  sort(directory: string, names: readonly string[]): { places: Place[]; temporaries: string[] } {
    const fan = directory.slice(-2);
    return {
      places: names.filter((name) => RECORD.test(name)).map((name) => this.placeOf(fan + name)),
      temporaries: names.filter((name) => TEMPORARY.test(name)).map((name) => join(directory, name)),
    };
  }

  /** What is held, by the names in `held`. */
  holdings(names: readonly string[]): { digest: string; path: string }[] {
    return names.flatMap((name) => {
      const digest = HELD.exec(name)?.[1];
      return digest === undefined ? [] : [{ digest, path: join(this.held, name) }];
    });
  }
}
