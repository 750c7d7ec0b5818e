import type { ArgumentIndex, Place } from '../keys/argument-index.js';
import type { Monitor } from '../observe/monitor.js';
import type { LocalEntry, Removal } from '../ports/local-backend.js';
import type { Snapshot } from '../serializers/snapshot.js';

/** Stands in `Entry.result` where each caller must get a copy of its own. */
export const PER_CALL: unique symbol = Symbol('per call');

/** Stands for an answer that a hit could not give, because the copy cannot be made. */
export const UNREADABLE: unique symbol = Symbol('unreadable');

/** Where an entry can be found without its key. */
export interface Shelf {
  readonly index: ArgumentIndex<Entry>;
  readonly place: Place;
}

/** A value in the local tier, in the shape its callers receive: a plain value, or a promise that is already settled. */
export class Entry implements LocalEntry {
  newer: LocalEntry | undefined = undefined;
  older: LocalEntry | undefined = undefined;
  /** What every caller receives, or {@link PER_CALL}. */
  result: unknown;
  #shelf: Shelf | undefined = undefined;

  constructor(
    readonly key: string,
    readonly bytes: number,
    public freshUntil: number,
    private snapshot: Snapshot | undefined,
    private readonly asynchronous: boolean,
    readonly epoch: number,
    private readonly monitor: Monitor,
  ) {
    this.result = snapshot?.shareable ? this.deliver() : PER_CALL;
  }

  /** Makes the entry reachable by the arguments of the call. */
  shelve(shelf: Shelf): void {
    this.#shelf?.index.remove(this.#shelf.place, this);
    shelf.index.set(shelf.place, this);
    this.#shelf = shelf;
  }

  /** The value itself, a copy of its own for this caller where the tier promises one. */
  value(): unknown {
    return this.snapshot?.take();
  }

  /** What a caller of the method receives. @throws SerializationError when the copy cannot be made. */
  deliver(): unknown {
    return this.asynchronous ? Promise.resolve(this.value()) : this.value();
  }

  /** From here on no comparison with a clock finds the entry fresh, whoever still holds it. */
  retire(cause: Removal): void {
    this.freshUntil = Number.NEGATIVE_INFINITY;
    this.snapshot = undefined;
    this.result = undefined;
    this.#shelf?.index.remove(this.#shelf.place, this);
    this.#shelf = undefined;
    this.monitor.remove(cause);
  }
}
