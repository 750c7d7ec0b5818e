import type { LimitFunction } from 'p-limit';
import type { Directories } from './directories.js';
import { type Disk, unlink } from './disk.js';
import type { Layout, Place } from './layout.js';
import type { RecordFiles } from './record-files.js';
import type { TakeAway } from './take-away.js';
import type { Turns } from './turns.js';
import { isDead, type LiveHead, type Verdict, type Verdicts } from './verdicts.js';

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

/** Removal of whatever lies there, be it what was looked at or newer. Why it is not announced: see `Intents`. */
export class Deletion {
  constructor(private readonly parts: DeletionParts) {}

  /** True when there was a live record. */
  of(place: Place): Promise<boolean> {
    return this.#inTurn(place, () => true);
  }

  /** The same, for one whose turn it is. */
  remove(place: Place): Promise<boolean> {
    return this.#remove(place, () => true);
  }

  /** Removes the records of a directory that are meant. @returns how many live ones there were. */
  async among(directory: string, isMeant: IsMeant): Promise<number> {
    const { directories, layout } = this.parts;
    const places = layout.places(directory, await directories.names(directory));
    const wereLive = await Promise.all(places.map((place) => this.#inTurn(place, isMeant)));
    return wereLive.filter(Boolean).length;
  }

  #inTurn(place: Place, isMeant: IsMeant): Promise<boolean> {
    const { turns, slots } = this.parts;
    return turns.take(place.digest, () => slots(() => this.#remove(place, isMeant)));
  }

  async #remove(place: Place, isMeant: IsMeant): Promise<boolean> {
    const { disk, files, takeAway, verdicts } = this.parts;
    const verdict = await files.inspect(place, (file) => verdicts.head(file));
    if (verdict === undefined || !isMeant(verdict)) return false;
    if (isDead(verdict)) {
      // What is put there meanwhile comes after this deletion, which has found nothing.
      await takeAway.remove(place, verdicts.isDead, 0);
      return false;
    }
    return (await unlink(disk, place.path)) && verdict.state === 'live';
  }
}
