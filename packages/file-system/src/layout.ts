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
const INTENT = /^([0-9a-f]{64})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(write|swap|take)(?:\.tmp)?$/;

/**
 * A change of a place, announced before it is made.
 *
 * - `write`, a file: will be put in the place of whatever is there;
 * - `swap`, a file: will be put where nothing is, or in the place of a record that was looked at;
 * - `take`, a directory: a record that was looked at will be moved into it.
 */
export interface Intent {
  readonly digest: string;
  /** Its own, at random. */
  readonly id: string;
  readonly kind: 'write' | 'swap' | 'take';
  readonly path: string;
}

/**
 * The names below the root: records in 256 directories (`ab/cd…`, so that none grows long), and `intents`, where files
 * are written and records are taken away to. Any other name is somebody else's: never opened, never removed.
 */
export class Layout {
  readonly intents: string;

  constructor(readonly root: string) {
    this.intents = join(root, 'intents');
  }

  place(key: string): Place {
    // UTF-16 as it stands: in UTF-8 every lone surrogate becomes the same replacement character.
    return this.placeOf(createHash('sha256').update(Buffer.from(key, 'utf16le')).digest('hex'));
  }

  placeOf(digest: string): Place {
    const directory = join(this.root, digest.slice(0, 2));
    return { digest, directory, path: join(directory, digest.slice(2)) };
  }

  /** Under a name nobody else has. */
  intent({ digest }: Place, kind: Intent['kind']): Intent {
    const id = randomUUID();
    const name = `${digest}.${id}.${kind === 'take' ? kind : `${kind}.tmp`}`;
    return { digest, id, kind, path: join(this.intents, name) };
  }

  /** Where a record lies that has been taken away. */
  taken(intent: Intent): string {
    return join(intent.path, 'record');
  }

  /** The directories of records among the names in the root. */
  fan(names: readonly string[]): string[] {
    return names.filter((name) => FAN.test(name)).map((name) => join(this.root, name));
  }

  /** The records among the names in one of these directories. */
  places(directory: string, names: readonly string[]): Place[] {
    const fan = directory.slice(-2);
    return names.filter((name) => RECORD.test(name)).map((name) => this.placeOf(fan + name));
  }

  /** What is announced, by the names in `intents`: all of it, or for one place. */
  announced(names: readonly string[], place = ''): Intent[] {
    return names.flatMap((name) => {
      // Most are of other places.
      if (!name.startsWith(place)) return [];
      const [, digest, id, kind] = INTENT.exec(name) ?? [];
      if (digest === undefined || id === undefined) return [];
      return [{ digest, id, kind: kind as Intent['kind'], path: join(this.intents, name) }];
    });
  }
}
