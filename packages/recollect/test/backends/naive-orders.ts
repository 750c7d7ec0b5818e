import type { LocalEntry } from 'recollect';

/** An order of eviction in its shortest form: arrays, searched from end to end. */
export interface NaiveOrder {
  add(entry: LocalEntry): void;
  touch(entry: LocalEntry): void;
  remove(entry: LocalEntry): void;
  evict(): LocalEntry | undefined;
  /** The first to go in front. */
  keys(): string[];
}

function without<T>(list: readonly T[], one: T): T[] {
  return list.filter((other) => other !== one);
}

export class NaiveFifo implements NaiveOrder {
  protected entries: LocalEntry[] = [];

  add(entry: LocalEntry): void {
    this.entries.push(entry);
  }

  touch(_entry: LocalEntry): void {}

  remove(entry: LocalEntry): void {
    this.entries = without(this.entries, entry);
  }

  evict(): LocalEntry | undefined {
    return this.entries.shift();
  }

  keys(): string[] {
    return this.entries.map(({ key }) => key);
  }
}

export class NaiveLru extends NaiveFifo {
  override touch(entry: LocalEntry): void {
    if (!this.entries.includes(entry)) return;
    this.remove(entry);
    this.add(entry);
  }
}

/** Keys in the order in which they left, the youngest last. Exact up to eight, which is the size of one bucket. */
class NaiveGhosts {
  #keys: { key: string; left: number }[] = [];
  #count = 0;

  add(key: string): void {
    this.#count += 1;
    this.#keys = [...this.#keys, { key, left: this.#count }].slice(-8);
  }

  take(key: string, limit: number): number | undefined {
    const found = this.#keys.find((one) => one.key === key);
    this.#keys = this.#keys.filter((one) => one !== found);
    const age = found === undefined ? limit : this.#count - found.left;
    return age < limit ? age : undefined;
  }
}

interface Held {
  readonly entry: LocalEntry;
  uses: number;
  main: boolean;
}

/** The adaptive policy for no more than eight entries. */
export class NaiveAdaptive implements NaiveOrder {
  #held: Held[] = [];
  readonly #ghosts = { probation: new NaiveGhosts(), main: new NaiveGhosts(), proven: new NaiveGhosts() };
  #share = 0.1;

  add(entry: LocalEntry): void {
    const size = this.#held.length;
    const { probation, main, proven } = this.#ghosts;
    const steer = (age: number, sign: number) => {
      const moved = this.#share + sign * (8 / size) * Math.exp(-age / (0.15 * size));
      this.#share = Math.min(1, Math.max(0.05, moved));
    };
    const young = probation.take(entry.key, size);
    if (young !== undefined) steer(young, 1);
    const old = main.take(entry.key, size);
    if (old !== undefined) steer(old, -1);
    const known = [young, old, proven.take(entry.key, size)].some((age) => age !== undefined);
    this.#held.push({ entry, uses: 0, main: known });
  }

  touch(entry: LocalEntry): void {
    const held = this.#of(entry);
    if (held !== undefined) held.uses = Math.min(2, held.uses + 1);
  }

  remove(entry: LocalEntry): void {
    const held = this.#of(entry) as Held;
    if (held.main || held.uses > 0) this.#ghosts.proven.add(entry.key);
    this.#held = without(this.#held, held);
  }

  evict(): LocalEntry | undefined {
    const size = this.#held.length;
    for (;;) {
      const queue = (main: boolean) => this.#held.filter((held) => held.main === main);
      const main = queue(true).length > 0 && queue(false).length <= this.#share * size;
      const first = queue(main)[0];
      if (first === undefined) return undefined;
      this.#held = without(this.#held, first);
      if (first.uses === 0) {
        (main ? this.#ghosts.main : this.#ghosts.probation).add(first.entry.key);
        return first.entry;
      }
      first.uses = main ? first.uses - 1 : 0;
      first.main = true;
      this.#held.push(first);
    }
  }

  keys(): string[] {
    const ranked = [0, 1, 2].flatMap((uses) =>
      [false, true].flatMap((main) => this.#held.filter((held) => held.uses === uses && held.main === main)),
    );
    return ranked.map(({ entry }) => entry.key);
  }

  #of(entry: LocalEntry): Held | undefined {
    return this.#held.find((held) => held.entry === entry);
  }
}
