import type { FileSystemCache } from '@recollect/file-system';
import { describeRuns, isLinearizable, type Operation, type Run, type State } from './history.js';
import { read, type Subject } from './operations.js';
import type { SteppedProcess } from './stepped-process.js';

/** A process goes so many steps, or until it waits for another, or to its end. */
export type Leg = readonly [process: number, steps: number];

export interface Actor {
  readonly process: SteppedProcess;
  readonly cache: FileSystemCache;
  readonly operation: Operation<Subject>;
}

/** One operation of each process on one key, leg by leg. After each leg an onlooker reads, and all must be explicable. */
export class Play {
  /** How many steps each leg had. */
  readonly steps: number[] = [];
  readonly #runs: Run[] = [];
  readonly #own = new Map<Actor, Run>();
  #moment = 0;

  constructor(
    private readonly key: string,
    private readonly state: State,
    private readonly actors: readonly Actor[],
    private readonly onlooker: FileSystemCache,
  ) {}

  get answers(): unknown[] {
    return this.actors.map((actor) => this.#own.get(actor)?.answer);
  }

  /** Ends the leg where the process waits for another one, unless it is told to insist. */
  async go([index, most]: Leg, insists = false): Promise<void> {
    const actor = this.actors[index] as Actor;
    let made = 0;
    if (most > 0 && !this.#own.has(actor)) await this.#begin(actor);
    while (made < most) {
      const step = await actor.process.step();
      made += 1;
      if (step === 'done' || (step === 'pause' && !insists)) break;
    }
    this.steps.push(made);
    await this.#look();
    this.#judge();
  }

  /** Each to its end, one after the other. */
  async finish(): Promise<void> {
    const isUnderWay = (actor: Actor) => this.#own.get(actor)?.ended === undefined;
    while (this.actors.some(isUnderWay)) {
      for (const [index, actor] of this.actors.entries())
        if (isUnderWay(actor)) await this.go([index, Number.POSITIVE_INFINITY]);
    }
  }

  async #begin(actor: Actor): Promise<void> {
    const { process, cache, operation } = actor;
    const run: Run = { operation, began: this.#moment++ };
    this.#own.set(actor, run);
    this.#runs.push(run);
    await process.begin(async () => {
      const answer = operation.run({ cache, key: this.key });
      run.answer = await answer.catch((error: unknown) => `rejected: ${error}`);
      run.ended = this.#moment++;
    });
  }

  async #look(): Promise<void> {
    const began = this.#moment++;
    const answer = await read.run({ cache: this.onlooker, key: this.key });
    this.#runs.push({ operation: read, began, answer, ended: this.#moment++ });
  }

  #judge(): void {
    if (isLinearizable(this.#runs, this.state)) return;
    for (const { process } of this.actors) process.release();
    throw new Error(`no order explains this, after legs of ${this.steps}:\n${describeRuns(this.#runs)}`);
  }
}
