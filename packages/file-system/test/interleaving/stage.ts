import * as fs from 'node:fs/promises';
import type { Disk, FileSystemCache } from '@recollect/file-system';
import { Layout } from '../../src/layout.js';
import { put, type World, world } from '../scratch.js';
import type { Operation } from './history.js';
import type { Subject } from './operations.js';
import { Play } from './play.js';
import { SteppedProcess } from './stepped-process.js';

/** What lies there at first. */
export type Start = 'nothing' | 'tombstone' | 'expired' | 'damaged';

/** Several processes on one directory; each play is on a key of its own. */
export class Stage {
  readonly #place = world();
  readonly #layout = new Layout(this.#place.directory);
  readonly #processes: readonly SteppedProcess[];
  readonly #caches: readonly FileSystemCache[];
  /** Sees what is there at any moment, and takes nothing away. */
  readonly #onlooker: FileSystemCache;
  readonly #past: FileSystemCache;
  #plays = 0;

  private constructor(count: number) {
    this.#processes = Array.from({ length: count }, () => new SteppedProcess());
    this.#caches = this.#processes.map(({ surroundings }) => this.#open({ ...surroundings, now: Date.now }));
    const mkdir = () => Promise.reject(new Error('only looks on'));
    this.#past = this.#open({ now: () => Date.now() - 10_000 });
    this.#onlooker = this.#open({ disk: { ...fs, mkdir } as object as Disk, now: Date.now });
  }

  static async open(count: number): Promise<Stage> {
    const stage = new Stage(count);
    // What belongs to the first use must not fall into a play.
    for (const cache of [...stage.#caches, stage.#onlooker, stage.#past]) await put(cache, 'warm', 'v');
    return stage;
  }

  /** What is announced at this moment. */
  intents(): Promise<string[]> {
    return fs.readdir(this.#layout.intents);
  }

  /** For each process that is frozen the others find abandoned what it has announced. */
  async play(start: Start, operations: readonly Operation<Subject>[], frozen?: number): Promise<Play> {
    const actors = operations.map((operation, index) => {
      const process = this.#processes[index] as SteppedProcess;
      process.ageMs = frozen === undefined || frozen === index ? 0 : 5_000;
      return { process, cache: this.#caches[index] as FileSystemCache, operation };
    });
    const state = start === 'tombstone' ? start : undefined;
    return new Play(await this.#prepare(start), state, actors, this.#onlooker);
  }

  async #prepare(start: Start): Promise<string> {
    const key = `k${this.#plays++}`;
    const { path, directory } = this.#layout.place(key);
    await fs.mkdir(directory, { recursive: true, mode: 0o700 });
    if (start === 'nothing') return key;
    // No test waits for its end.
    if (start === 'expired') await put(this.#past, key, start, 5_000);
    else await put(this.#onlooker, key, start);
    if (start === 'damaged') await fs.truncate(path, 30);
    return key;
  }

  #open(surroundings: Parameters<World['open']>[1]): FileSystemCache {
    return this.#place.open({ threshold: 1e6 }, surroundings);
  }
}
