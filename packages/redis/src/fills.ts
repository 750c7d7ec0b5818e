import type { SharedWrite } from 'recollect';
import { fillRecord } from './commands.js';
import { fillWatched } from './fill-watched.js';
import { repliedWith } from './replied-with.js';
import type { Route } from './route/route.js';

/** Fills in records where what is there may have to be compared: in the best way that the server lets us. */
export class Fills {
  /** Once scripts were refused, WATCH; once that was as well, nothing. */
  #way: 'script' | 'watch' | 'none' = 'script';

  /** @param refused hears of it, once, when there is no way to compare. */
  constructor(
    private readonly route: Route,
    private readonly refused: (error: unknown) => void,
  ) {}

  /** See `RedisCache.fill`. */
  async fill(record: SharedWrite, expected: Uint8Array | undefined): Promise<boolean> {
    if (expected === undefined) return this.#fill(record);
    if (this.#way === 'script') {
      const filled = await this.#fillByScript(record, expected);
      if (filled !== undefined) return filled;
      this.#way = 'watch';
    }
    if (this.#way === 'none') return false;
    const filled = await fillWatched(this.route, record, expected);
    if (filled !== undefined) return filled;
    this.#way = 'none';
    this.refused(new Error('neither scripts nor WATCH are allowed'));
    return false;
  }

  #fill(record: SharedWrite): Promise<boolean> {
    const bytes = record.data.byteLength;
    return this.route.run(record.key, 'write', bytes, (wire) => fillRecord(wire, record, undefined));
  }

  /** `undefined` where scripts are refused: that says nothing of the server, so no guard is to hear of it. */
  #fillByScript(record: SharedWrite, expected: Uint8Array): Promise<boolean | undefined> {
    const bytes = record.data.byteLength + expected.byteLength;
    return this.route.run(record.key, 'write', bytes, async (wire) => {
      try {
        return await fillRecord(wire, record, expected);
      } catch (error) {
        if (!repliedWith(error, 'NOPERM', 'ERR unknown command')) throw error;
        return undefined;
      }
    });
  }
}
