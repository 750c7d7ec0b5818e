/**
 * What happened in a round, as its processes saw it. All times are microseconds of the monotonic clock of the machine,
 * which its processes share.
 */
export interface History {
  readonly operations: readonly Operation[];
  readonly loads: readonly Load[];
  readonly processes: readonly ProcessRecord[];
  readonly faults: readonly FaultRecord[];
  /** Stretches in which the servers may have forgotten what they had acknowledged. */
  readonly amnesias: readonly Amnesia[];
  /** Keys that ought to be gone when every process has ended. */
  readonly leftovers: readonly string[];
}

export type OperationKind = 'call' | 'invalidate' | 'invalidateAll' | 'resolve';

/** What one caller asked for and what came of it. */
export interface Operation {
  /** `w2.1:17`: the seventeenth of the first process in the place of worker 2. */
  readonly id: string;
  readonly process: string;
  readonly kind: OperationKind;
  readonly site: string;
  /** `*` where the whole site is meant. */
  readonly key: string;
  readonly start: number;
  /** Absent: nobody has seen the end. That is no failure: it may have had its effect, and it may not. */
  readonly end?: number;
  readonly outcome?: Outcome;
  /** Done when all faults were over and the processes had recovered. */
  readonly calm: boolean;
}

/**
 * - `value`: of a call, with the load it came from, and the key that the load was for;
 * - `foreign`: of a call, something that no load has ever returned;
 * - `loader-error`: of a call, the error that a load threw;
 * - `error`: anything else that was thrown;
 * - `done`: of an invalidation or a resolution that is in force;
 * - `failed`: of one that may have come into force, or may yet.
 * - `queued`: of one that will be tried again later.
 */
export type Outcome =
  | { readonly is: 'value'; readonly load: string; readonly subject: string }
  | { readonly is: 'foreign'; readonly shown: string }
  | { readonly is: 'loader-error'; readonly load: string }
  | { readonly is: 'error'; readonly name: string; readonly kind: string; readonly message: string }
  | { readonly is: 'done' | 'failed' | 'queued' };

/** One run of a cached function. */
export interface Load {
  readonly id: string;
  readonly process: string;
  readonly site: string;
  readonly key: string;
  /** The call that it began for, where that is known. */
  readonly call?: string;
  readonly start: number;
  readonly end?: number;
  readonly outcome?: 'value' | 'error';
  readonly fence?: number;
}

/** A process in the place of a worker. */
export interface ProcessRecord {
  readonly name: string;
  readonly worker: number;
  readonly started: number;
  readonly ended?: number;
  /** `killed` by us, `exited` by itself, `hung`: had to be killed after it was told to end. */
  readonly end?: 'killed' | 'exited' | 'hung';
  readonly code?: number | string;
  /** What must never happen in it: unhandled rejections, changed prototypes. */
  readonly troubles: readonly string[];
  /** When it lost a connection: what was under way may have been done, and was done again where that is allowed. */
  readonly losses: readonly number[];
  /** When it did nothing, for it was stopped or others had the processor. */
  readonly stalls: readonly Stretch[];
  /** Counts when it had nothing more to do; absent when it did not live to tell. */
  readonly figures?: Figures;
}

export interface Stretch {
  readonly start: number;
  readonly end: number;
}

export interface Figures {
  readonly loading: number;
  readonly failures: number;
  readonly degraded: boolean;
}

export interface FaultRecord {
  readonly kind: string;
  /** Absent: it befell the servers, and so everybody. */
  readonly worker?: number;
  readonly start: number;
  readonly end: number;
  /** Whether what was sent meanwhile may arrive when it is over. */
  readonly holdsBack: boolean;
}

export interface Amnesia extends Stretch {
  readonly why: string;
}

/** What an operation or a load is about, as one text. */
export function subjectOf({ site, key }: { readonly site: string; readonly key: string }): string {
  return `${site}/${key}`;
}
