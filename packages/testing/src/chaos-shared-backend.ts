import { BackendError, type SharedBackend, type SharedRecord, type SharedWrite } from 'recollect';
import { FaultScript, type ScriptedFault } from './fault-script.js';
import { gate } from './gate.js';

/** The operations of a shared backend that can fail. */
export type SharedOperation =
  | 'read'
  | 'write'
  | 'fill'
  | 'add'
  | 'delete'
  | 'deleteIfEqual'
  | 'scan'
  | 'clear';

/**
 * - `throw`: rejects with a `BackendError`, and nothing is done;
 * - `lose-reply`: it is done, and rejects with a `BackendError` all the same, as when a connection is cut in between;
 * - `hang`: nothing is done; it settles only when the backend is closed, and then rejects;
 * - an error: rejects with just that, and nothing is done;
 * - a gate: waits for it, then does what was asked, or rejects as the gate does.
 */
export type SharedFault = 'throw' | 'lose-reply' | 'hang' | Error | { readonly opened: Promise<unknown> };

export type ScriptedSharedFault = ScriptedFault<SharedOperation, SharedFault>;

/** Another shared backend, with faults where the script has them. */
export class ChaosSharedBackend implements SharedBackend {
  readonly kind: string;
  readonly corrupt: SharedBackend['corrupt'];
  /** What is going to go wrong, and how often each operation was called. */
  readonly script: FaultScript<SharedOperation, SharedFault>;
  readonly #inner: SharedBackend;
  readonly #end = gate<never>();

  constructor(inner: SharedBackend, faults: readonly ScriptedSharedFault[] = []) {
    this.kind = inner.kind;
    this.corrupt = inner.corrupt;
    this.script = new FaultScript(faults);
    this.#inner = inner;
  }

  read(keys: readonly string[], lives?: number): Promise<readonly (SharedRecord | undefined)[]> {
    return this.#run('read', () => this.#inner.read(keys, lives));
  }

  write(records: readonly SharedWrite[]): Promise<boolean> {
    return this.#run('write', () => this.#inner.write(records));
  }

  fill(record: SharedWrite, expected: Uint8Array | undefined): Promise<boolean> {
    return this.#run('fill', () => this.#inner.fill(record, expected));
  }

  add(record: SharedWrite): Promise<Uint8Array> {
    return this.#run('add', () => this.#inner.add(record));
  }

  delete(keys: readonly string[]): Promise<number | undefined> {
    return this.#run('delete', () => this.#inner.delete(keys));
  }

  deleteIfEqual(key: string, data: Uint8Array): Promise<boolean> {
    return this.#run('deleteIfEqual', () => this.#inner.deleteIfEqual(key, data));
  }

  async *scan(prefix: string): AsyncGenerator<string, void, undefined> {
    yield* await this.#run('scan', async () => this.#inner.scan(prefix));
  }

  clear(prefix: string): Promise<number | undefined> {
    return this.#run('clear', () => this.#inner.clear(prefix));
  }

  close(): Promise<void> {
    this.#end.fail(new BackendError(this.kind, 'answer', new Error('closed while it hung')));
    return this.#inner.close();
  }

  async #run<T>(operation: SharedOperation, run: () => Promise<T>): Promise<T> {
    const fault = this.script.strike(operation);
    if (fault === 'hang') return this.#end.opened;
    if (fault instanceof Error) throw fault;
    if (typeof fault === 'object') await fault.opened;
    if (fault === 'throw') throw this.#scripted(operation);
    const result = await run();
    if (fault === 'lose-reply') throw this.#scripted(operation);
    return result;
  }

  #scripted(operation: SharedOperation): BackendError {
    return new BackendError(
      this.kind,
      operation,
      new Error(`scripted fault in call ${this.script.calls(operation)}`),
    );
  }
}
