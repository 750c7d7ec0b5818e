import type { LocalEntry, Removal } from 'recollect';

/** An entry for tests of a local backend, which writes down how it left. */
export class TestEntry implements LocalEntry {
  newer: LocalEntry | undefined = undefined;
  older: LocalEntry | undefined = undefined;
  /** Every call of `retire`, in order; the contract allows one. */
  readonly retired: Removal[] = [];
  /** Called as the entry retires: what an observer might do. */
  onRetire: ((cause: Removal) => void) | undefined;

  /** @param freshUntil Default: never expires. */
  constructor(
    readonly key: string,
    public freshUntil: number = Number.POSITIVE_INFINITY,
    readonly bytes: number = 1,
  ) {}

  retire(cause: Removal): void {
    this.retired.push(cause);
    // As the entries of a runtime do: a backend must not need to know the moment any more.
    this.freshUntil = Number.NEGATIVE_INFINITY;
    this.onRetire?.(cause);
  }
}
