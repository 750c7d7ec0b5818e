import type { LimitFunction } from 'p-limit';
import type { Deletion } from './deletion.js';
import type { Directories } from './directories.js';
import type { Layout } from './layout.js';
import type { RecordFiles } from './record-files.js';
import type { Turns } from './turns.js';
import type { Verdicts } from './verdicts.js';

export interface KeysParts {
  readonly layout: Layout;
  readonly directories: Directories;
  readonly files: RecordFiles;
  readonly verdicts: Verdicts;
  readonly deletion: Deletion;
  readonly turns: Turns;
  readonly slots: LimitFunction;
}

/** What concerns many keys: names say nothing of a key, so every record has to be opened. */
export class Keys {
  constructor(private readonly parts: KeysParts) {}

  directories(): Promise<readonly string[]> {
    return this.parts.directories.fan();
  }

  /** The live keys in one of the directories. */
  async startingWith(prefix: string, directory: string): Promise<string[]> {
    const { directories, layout, files, verdicts, slots } = this.parts;
    const { places } = layout.sort(directory, await directories.names(directory));
    const keys = await slots.map(places, async ({ path }) => {
      const verdict = await files.glance(path, (file) => verdicts.head(file));
      return verdict?.state === 'live' && verdict.key.startsWith(prefix) ? [verdict.key] : [];
    });
    return keys.flat();
  }

  /** Deletes what is live or expired. @returns how many live ones there were. */
  async clear(prefix: string): Promise<number> {
    // A write asked for before must not land behind.
    await this.parts.turns.settled();
    let count = 0;
    for (const directory of await this.directories()) {
      count += await this.parts.deletion.among(
        directory,
        // Without a prefix everything goes, what cannot be read as well.
        (verdict) => prefix === '' || ('key' in verdict && verdict.key.startsWith(prefix)),
      );
    }
    return count;
  }
}
