import type { LimitFunction } from 'p-limit';
import type { Directories } from './directories.js';
import { type Disk, unlink } from './disk.js';
import type { Layout, Place } from './layout.js';
import type { RecordFiles } from './record-files.js';
import type { TakeAway } from './take-away.js';
import type { Turns } from './turns.js';
import type { LiveHead, Verdict, Verdicts } from './verdicts.js';

export interface DeletionParts {
  readonly disk: Disk;
  readonly layout: Layout;
  readonly directories: Directories;
  readonly files: RecordFiles;
  readonly verdicts: Verdicts;
  readonly takeAway: TakeAway;
  readonly turns: Turns;
  readonly slots: LimitFunction;
}

type IsMeant = (verdict: Verdict<LiveHead>) => boolean;

/**
 * Removal of whatever lies there. It is done twice, with a wait in between until nobody holds a record aside: what was
 * linked back after the first time falls the second time, and after the wait nobody is left who could link it back.
 */
export class Deletion {
  constructor(private readonly parts: DeletionParts) {}

  /** True when there was a live record. */
  of(place: Place): Promise<boolean> {
    const { takeAway, turns, slots } = this.parts;
    return turns.take(place.digest, () =>
      slots(async () => {
        const first = await this.#remove(place, () => true);
        await takeAway.quiet((digest) => digest === place.digest);
        const second = await this.#remove(place, () => true);
        return first === 'live' || second === 'live';
      }),
    );
  }

  /** Removes the records of a directory that are meant. @returns how many live ones there were. */
  async among(directory: string, isMeant: IsMeant): Promise<number> {
    const { directories, layout, takeAway, turns, slots } = this.parts;
    // The name comes from the key: what was not meant once never will be.
    const spared = new Set<string>();
    const pass = async () => {
      const { places } = layout.sort(directory, await directories.names(directory));
      const outcomes = places.map(async (place) => {
        if (spared.has(place.digest)) return 0;
        const outcome = await turns.take(place.digest, () => slots(() => this.#remove(place, isMeant)));
        if (outcome === 'spared') spared.add(place.digest);
        return outcome === 'live' ? 1 : 0;
      });
      return (await Promise.all(outcomes)).reduce<number>((sum, one) => sum + one, 0);
    };
    const first = await pass();
    await takeAway.quiet((digest) => layout.placeOf(digest).directory === directory);
    return first + (await pass());
  }

  async #remove(place: Place, isMeant: IsMeant): Promise<'live' | 'dead' | 'spared' | 'missing'> {
    const { disk, files, verdicts } = this.parts;
    const verdict = await files.inspect(place, (file) => verdicts.head(file));
    if (verdict === undefined) return 'missing';
    if (!isMeant(verdict)) return 'spared';
    const removed = await unlink(disk, place.path);
    return removed && verdict.state === 'live' ? 'live' : 'dead';
  }
}
