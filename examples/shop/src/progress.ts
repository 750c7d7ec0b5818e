import yoctoSpinner from 'yocto-spinner';

/** A step that is under way: a moving line on a terminal, nothing in between elsewhere, one line when it is over. */
export class Progress {
  readonly #started = performance.now();
  readonly #spinner = process.stdout.isTTY ? yoctoSpinner({ stream: process.stdout }) : undefined;

  constructor(private readonly step: string) {
    this.#spinner?.start(step);
  }

  show(done: number, of: number): void {
    if (this.#spinner !== undefined) this.#spinner.text = `${this.step}: ${Math.floor((100 * done) / of)} %`;
  }

  /** @param remark What came of it. */
  end(ok: boolean, remark: string): void {
    const seconds = ((performance.now() - this.#started) / 1000).toFixed(1);
    const line = `${this.step}: ${remark} (${seconds} s)`;
    if (this.#spinner === undefined) console.log(`${ok ? 'ok' : 'WRONG'}  ${line}`);
    else if (ok) this.#spinner.success(line);
    else this.#spinner.error(line);
  }
}
