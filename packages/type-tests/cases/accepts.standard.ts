import { cached, invalidates } from 'recollect';

/** What only the standard dialect has. */
export class Private {
  @cached({ minutes: 1 })
  async #secret(id: string): Promise<string> {
    return id;
  }

  @cached({ minutes: 1, localOnly: true })
  get #count(): number {
    return 1;
  }

  @cached({ minutes: 1 })
  static async #shared(id: string): Promise<string> {
    return id;
  }

  @invalidates('read')
  async #forget(id: string): Promise<void> {
    await Private.#shared(id);
  }

  @cached({ minutes: 1 })
  async read(id: string): Promise<string> {
    await this.#forget(id);
    return (await this.#secret(id)) + this.#count;
  }
}
