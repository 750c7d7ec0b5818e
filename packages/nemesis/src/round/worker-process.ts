import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type BirpcReturn, createBirpc } from 'birpc';
import type { Recorder } from '../history/recorder.js';
import type { Report } from '../history/report.js';
import { MUTATION_VARIABLE } from '../mutation/mutations.js';
import type { Task, WorkerFunctions } from '../worker/task.js';
import { REPORT_DESCRIPTOR } from '../worker/tell.js';

const PROGRAM = fileURLToPath(new URL('../worker/main.js', import.meta.url));
const REGISTER = new URL('../mutation/register-mutation.js', import.meta.url).href;

/** A process in the place of a worker, from its start to its end. */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #rpc: BirpcReturn<WorkerFunctions>;
  readonly #closed: Promise<unknown>;
  #isKilled = false;

  /** @param mutation The defect it is to run with. */
  constructor(
    readonly name: string,
    worker: number,
    private readonly recorder: Recorder,
    mutation: string | undefined,
  ) {
    recorder.born(name, worker);
    this.#child = fork(PROGRAM, [], {
      stdio: ['ignore', 'inherit', 'inherit', 'pipe', 'ipc'],
      execArgv: mutation === undefined ? [] : ['--import', REGISTER],
      env: { ...process.env, ...(mutation !== undefined && { [MUTATION_VARIABLE]: mutation }) },
    });
    // Behind its last report.
    this.#closed = once(this.#child, 'close');
    const lines = createInterface({ input: this.#child.stdio[REPORT_DESCRIPTOR] as Readable });
    lines.on('line', (line) => this.#take(line));
    this.#rpc = createBirpc<WorkerFunctions>(
      {},
      {
        post: (data) => void (this.#child.connected && this.#child.send(data as object, () => {})),
        on: (listener) => this.#child.on('message', listener),
        timeout: -1,
      },
    );
    this.#child.once('exit', () => this.#rpc.$close(new Error(`${name} has ended`)));
  }

  /** @throws Error when it ends before it has begun, unless we have killed it. */
  async begin(task: Task): Promise<void> {
    try {
      await this.#rpc.begin(task);
    } catch (error) {
      if (!this.#isKilled)
        throw new Error(`${this.name} ended before it had begun: it says why above`, { cause: error });
    }
  }

  /** Has it do something; `undefined` when it does not come to an end in time, or ends itself. */
  async ask<T>(what: (functions: WorkerFunctions) => Promise<T>, withinMs: number): Promise<T | undefined> {
    const asked = what(this.#rpc).catch(() => undefined);
    const late = new AbortController();
    const answer = await Promise.race([
      asked,
      sleep(withinMs, undefined, { signal: late.signal, ref: false }),
    ]);
    late.abort();
    return answer;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  stop(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  /** SIGKILL; resolves when everything that it has reported has been read. */
  async kill(): Promise<void> {
    this.#isKilled = true;
    this.#child.kill('SIGKILL');
    await this.#closed;
    this.recorder.died(this.name, 'killed', 'SIGKILL');
  }

  /** Waits for it to end by itself, and kills it when it does not. */
  async ended(withinMs: number): Promise<void> {
    const late = new AbortController();
    const patience = sleep(withinMs, 'late', { signal: late.signal }).catch(() => 'late');
    const isLate = (await Promise.race([this.#closed, patience])) === 'late';
    late.abort();
    if (isLate) this.#child.kill('SIGKILL');
    await this.#closed;
    const code = this.#child.exitCode ?? this.#child.signalCode ?? 'unknown';
    this.recorder.died(this.name, isLate ? 'hung' : 'exited', code);
  }

  #take(line: string): void {
    let report: Report;
    try {
      report = JSON.parse(line) as Report;
    } catch {
      // The last line of one that was killed in the middle of it.
      return;
    }
    this.recorder.take(this.name, report);
  }
}
