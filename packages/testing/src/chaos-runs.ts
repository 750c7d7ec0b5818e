import { BackendError } from 'recollect';
import type { FaultScript, ScriptedFault } from './fault-script.js';
import { gate } from './gate.js';

/** The operations of a shared backend, and of its leases, that can fail. */
export type SharedOperation =
  | 'read'
  | 'write'
  | 'fill'
  | 'add'
  | 'delete'
  | 'deleteIfEqual'
  | 'scan'
  | 'clear'
  | 'claim'
  | 'renew'
  | 'commit'
  | 'release'
  | 'settle'
  | 'invalidate';

/**
 * - `throw`: rejects with a `BackendError`, and nothing is done;
 * - `lose-reply`: it is done, and rejects with a `BackendError` all the same, as when a connection is cut in between;
 * - `hang`: nothing is done; it settles only when the backend is closed, and then rejects;
 * - an error: rejects with just that, and nothing is done;
 * - a gate: waits for it, then does what was asked, or rejects as the gate does.
 */
export type SharedFault = 'throw' | 'lose-reply' | 'hang' | Error | { readonly opened: Promise<unknown> };

export type ScriptedSharedFault = ScriptedFault<SharedOperation, SharedFault>;

/** Runs operations as a script lets them. */
export class ChaosRuns {
  readonly #end = gate<never>();

  constructor(
    readonly kind: string,
    readonly script: FaultScript<SharedOperation, SharedFault>,
  ) {}

  async run<T>(operation: SharedOperation, run: () => Promise<T>): Promise<T> {
    const fault = this.script.strike(operation);
    if (fault === 'hang') return this.#end.opened;
    if (fault instanceof Error) throw fault;
    if (typeof fault === 'object') await fault.opened;
    if (fault === 'throw') throw this.#scripted(operation);
    const result = await run();
    if (fault === 'lose-reply') throw this.#scripted(operation);
    return result;
  }

  /** What hangs rejects, now and later. */
  end(): void {
    this.#end.fail(new BackendError(this.kind, 'answer', new Error('closed while it hung')));
  }

  #scripted(operation: SharedOperation): BackendError {
    return new BackendError(
      this.kind,
      operation,
      new Error(`scripted fault in call ${this.script.calls(operation)}`),
    );
  }
}
