import { type BackendContext, BackendError } from 'recollect';
import { tell } from '../tell.js';

/** Whether this user may publish. Who may not leaves it, and says so once: who waits for a key looks again by itself. */
export class News {
  #isPublished = true;

  constructor(
    private readonly kind: () => string,
    private readonly context: BackendContext,
  ) {}

  get isPublished(): boolean {
    return this.#isPublished;
  }

  refused(error: unknown): void {
    if (!this.#isPublished) return;
    this.#isPublished = false;
    const failure = new BackendError(this.kind(), 'publish what becomes of leases', error);
    tell(this.context, { operation: 'background', error: failure });
  }
}
