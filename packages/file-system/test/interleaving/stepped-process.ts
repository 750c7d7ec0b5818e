import * as fs from 'node:fs/promises';
import { basename } from 'node:path';
import type { Disk, FileSystemCacheSurroundings } from '@recollect/file-system';

/** What a step came to: a call of the system was made, the process waits for others, or it is done. */
export type Step = 'call' | 'pause' | 'done';

interface Waiting {
  readonly kind: 'call' | 'pause';
  proceed(): Promise<unknown>;
}

/**
 * A process that stands still before every call that sees or changes what others see or change, until the test lets it go
 * on. Calls on directories that are always there and on files of its own go through.
 */
export class SteppedProcess {
  /** By so much everything announced looks older than it is, to this process. */
  ageMs = 0;
  readonly surroundings: FileSystemCacheSurroundings;
  readonly #waiting: Waiting[] = [];
  #isFree = true;
  #isDone = true;
  #tell = () => {};

  constructor() {
    const stop = <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) => {
      return (...args: Args) => this.#stop('call', () => call(...args));
    };
    const disk = {
      open: stop(fs.open),
      readdir: stop(fs.readdir),
      rename: stop(fs.rename),
      unlink: stop(fs.unlink),
      mkdir: stop(fs.mkdir),
      rmdir: stop(fs.rmdir),
      lstat: (path: string, options?: object) =>
        isDirectory(path) ? fs.lstat(path, options) : this.#stop('call', () => this.#lstat(path, options)),
    } as object as Disk;
    this.surroundings = { disk, now: Date.now, pause: () => this.#stop('pause', async () => {}) };
  }

  /** Begins the work; it stops before its first call. */
  async begin(work: () => Promise<unknown>): Promise<void> {
    this.#isFree = false;
    this.#isDone = false;
    const done = () => {
      this.#isDone = true;
      this.#isFree = true;
      this.#tell();
    };
    work().then(done, done);
    await this.#still();
  }

  /** Goes on to the next call, or to the end of the work. */
  async step(): Promise<Step> {
    const next = this.#waiting.shift();
    if (next === undefined) return 'done';
    await next.proceed();
    await this.#still();
    if (this.#isDone) return 'done';
    return next.kind;
  }

  /** Stops it no more. */
  release(): void {
    this.#isFree = true;
    for (const { proceed } of this.#waiting.splice(0)) void proceed();
  }

  async #still(): Promise<void> {
    while (this.#waiting.length === 0 && !this.#isDone) {
      await new Promise<void>((resolve) => {
        this.#tell = resolve;
      });
    }
  }

  #stop<Result>(kind: Step & ('call' | 'pause'), call: () => Promise<Result>): Promise<Result> {
    if (this.#isFree) return call();
    return new Promise<Result>((resolve) => {
      const proceed = () => {
        const result = call();
        resolve(result);
        return result.catch(() => {});
      };
      this.#waiting.push({ kind, proceed });
      this.#tell();
    });
  }

  async #lstat(path: string, options?: object): Promise<unknown> {
    const stats = await fs.lstat(path, options);
    if (typeof stats.ctimeMs === 'number') stats.ctimeMs -= this.ageMs;
    return stats;
  }
}

const isDirectory = (path: string) => /^(?:[0-9a-f]{2}|intents)$/.test(basename(path));
