/** The invariants, by the numbers under which they are specified, and the three that belong to this checker alone. */
export type Invariant =
  | 'I1 foreign value'
  | 'I2 stale read'
  | 'I3 started twice'
  | 'I4 two values in one epoch'
  | 'I5 error as a value'
  | 'I6 call does not settle'
  | 'I7 work left over'
  | 'I10 prototype changed'
  | 'I11 unhandled'
  | 'I12 does not end'
  | 'I13 lease left over'
  | 'I14 not counted'
  | 'fence goes back'
  | 'error of another kind'
  | 'does not recover';

export interface Violation {
  readonly invariant: Invariant;
  readonly message: string;
  /** What it is about, `site/key` or the name of a process. */
  readonly subject: string;
  /** When it showed. */
  readonly at: number;
  /** Operations and loads that it follows from. */
  readonly involved: readonly string[];
}
