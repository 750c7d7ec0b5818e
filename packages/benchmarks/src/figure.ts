/** A line of a figure: what, and how much of it. */
export type Row = Readonly<Record<string, string | number>>;

/** What a measurement came to. */
export interface Measured {
  readonly rows: readonly Row[];
  /** What was asked for and not reached, in words; empty when all of it was. */
  readonly missed: readonly string[];
}

/** A figure of the shared tier that can be asked for by name. */
export interface Figure {
  /** What is measured, and what is asked of it. */
  readonly title: string;
  measure(options: FigureOptions): Promise<Measured>;
}

export interface FigureOptions {
  /** Where anything is random. */
  readonly seed: number;
  /** How often, or how long: a part or a multiple of what is usual. */
  readonly scale: number;
}
