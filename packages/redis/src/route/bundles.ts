import { ErrorReply } from '@redis/client';
import type { Access } from 'recollect/guard';
import { faultOf } from '../fault-of.js';
import type { Wire } from '../wire.js';
import { LARGE_BYTES } from './large-writes.js';
import type { Work } from './route.js';
import type { Server } from './server.js';

type Keys = string | readonly string[];

/** One of the operations that go together. */
interface Part {
  readonly keys: Keys;
  readonly bytes: number;
  readonly work: Work<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

interface Bundle {
  readonly access: Access;
  readonly parts: Part[];
  bytes: number;
}

/** More than these in one bundle gain little, and share one deadline. */
const MOST_PARTS = 256;

/**
 * Makes one operation of those that one tick brings for a server. In a cluster, what elsewhere is one operation on many
 * keys is one for each slot: a thousand of them would be turned away for want of room, and pay for it each. They keep their
 * order.
 */
export class Bundles {
  readonly #server: Server;
  #bundles: Bundle[] = [];

  constructor(server: Server) {
    this.#server = server;
  }

  /** See `Route.run`. Breakers and deadlines are those of the bundle, what else may fail is its own. */
  run<T>(keys: Keys, access: Access, bytes: number, work: Work<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const part: Part = { keys, bytes, work, resolve: resolve as (value: unknown) => void, reject };
      const last = this.#bundles.at(-1);
      const fits =
        last?.access === access && last.parts.length < MOST_PARTS && last.bytes + bytes <= LARGE_BYTES;
      if (fits) {
        last.parts.push(part);
        last.bytes += bytes;
        return;
      }
      if (last === undefined) process.nextTick(() => this.#send());
      this.#bundles.push({ access, parts: [part], bytes });
    });
  }

  #send(): void {
    const bundles = this.#bundles;
    this.#bundles = [];
    for (const { access, parts, bytes } of bundles) {
      const [part] = parts;
      if (parts.length === 1 && part !== undefined)
        this.#server.run(part.keys, access, bytes, part.work).then(part.resolve, part.reject);
      else this.#sendAll(access, parts, bytes);
    }
  }

  #sendAll(access: Access, parts: readonly Part[], bytes: number): void {
    const work = async (wire: Wire): Promise<void> => {
      const failures = await Promise.all(parts.map((part) => done(part, wire)));
      const first = failures.find((failure) => failure !== undefined);
      if (first !== undefined) throw first.error;
    };
    const keys = parts.flatMap((part) => part.keys);
    // Those that are settled already do not hear of it.
    this.#server.run(keys, access, bytes, work).catch((error: unknown) => {
      for (const { reject } of parts) reject(error);
    });
  }
}

/**
 * Does the work of one and settles it, unless it had no answer: why that is will be known better outside. Returns what it
 * failed with, where that says something of the server, so that the guard hears of it.
 */
async function done(
  { work, resolve, reject }: Part,
  wire: Wire,
): Promise<{ readonly error: unknown } | undefined> {
  try {
    resolve(await work(wire));
    return undefined;
  } catch (error) {
    if (error instanceof ErrorReply) reject(error);
    return faultOf(error) === 'key' ? undefined : { error };
  }
}
