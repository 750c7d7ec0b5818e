import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What goes between a figure and its children. */
interface Question {
  readonly id: number;
  readonly question: unknown;
}
interface Answer {
  readonly id: number;
  readonly answer?: unknown;
  readonly error?: string;
}

interface Waiting {
  resolve(answer: never): void;
  reject(error: Error): void;
}

const ENTRY = fileURLToPath(new URL('./figures.js', import.meta.url));

/** A process of its own that plays a part in a figure, and answers questions. */
export class Child {
  /** Its exit code; `null` when a signal ended it. */
  readonly ended: Promise<number | null>;
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #questions = 0;

  private constructor(role: string, args: readonly string[]) {
    this.#process = fork(ENTRY, ['--child', role, ...args], { execArgv: ['--expose-gc'] });
    this.ended = once(this.#process, 'exit').then(([code]) => code as number | null);
    this.#process.on('message', ({ id, answer, error }: Answer) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(answer as never);
      else waiting?.reject(new Error(`${role}: ${error}`));
    });
    this.#process.once('exit', (code, signal) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`${role} ended: ${code ?? signal}`));
      this.#waiting.clear();
    });
  }

  /** Resolves when the child is ready for questions. */
  static async start(role: string, ...args: readonly string[]): Promise<Child> {
    const child = new Child(role, args);
    await child.ask('ready');
    return child;
  }

  /** Rejects with what the child answered by throwing, and when it ends before it has answered. */
  ask<T>(question: unknown): Promise<T> {
    const id = this.#questions++;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#process.send({ id, question } satisfies Question, (error) => {
        if (error !== null && this.#waiting.delete(id)) reject(error);
      });
    });
  }

  /** @returns when it is gone. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended;
  }
}

/** The child's side: answers questions until the figure, or this process, ends. */
export function answerBy(respond: (question: never) => unknown): void {
  const answered = async (question: unknown): Promise<Omit<Answer, 'id'>> => {
    try {
      return { answer: question === 'ready' ? true : await respond(question as never) };
    } catch (error) {
      return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  };
  process.on('message', ({ id, question }: Question) => {
    void answered(question).then((answer) => process.send?.({ id, ...answer } satisfies Answer));
  });
  // A figure that was interrupted leaves nobody behind.
  process.once('disconnect', () => process.exit(1));
}
