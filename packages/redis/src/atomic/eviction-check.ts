import { type BackendContext, BackendError, ConfigurationError } from 'recollect';
import { repliedWith } from '../replied-with.js';
import type { Work } from '../route/route.js';
import { tell } from '../tell.js';

/** The policy may be changed, or another server take over, so what was seen counts for so long. */
const TRUSTED_MS = 60_000;

/**
 * Whether the server keeps what it was told. One with a limit to its memory and a policy of `allkeys-…` may drop any key, a claim
 * among them, and a method would start a second time. INFO tells, which is allowed more often than CONFIG; where it is not
 * either, nothing is known and claims go on.
 */
export class EvictionCheck {
  #trustedUntil = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;
  readonly #told = new Set<string>();

  constructor(
    private readonly kind: () => string,
    /** Asks the server that has the key. */
    private readonly ask: (key: string, work: Work<string>) => Promise<string>,
    private readonly context: BackendContext,
  ) {}

  /** `undefined` when the server was seen to keep its keys of late; else rejects with a ConfigurationError if it does not. */
  check(key: string): Promise<void> | undefined {
    if (this.context.clock.now() < this.#trustedUntil) return undefined;
    this.#looking ??= this.#look(key).finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #look(key: string): Promise<void> {
    const memory = await this.ask(key, async (wire) => {
      try {
        return String(await wire.sendCommand(['INFO', 'memory']));
      } catch (error) {
        if (!repliedWith(error, 'NOPERM', 'ERR unknown command')) throw error;
        this.#tell('read maxmemory_policy', error);
        return '';
      }
    });
    const policy = /^maxmemory_policy:([a-z-]+)/m.exec(memory)?.[1] ?? '';
    const isLimited = !/^maxmemory:0\r?$/m.test(memory);
    if (isLimited && policy.startsWith('allkeys-'))
      throw new ConfigurationError(refusal(this.kind(), policy));
    if (isLimited && policy.startsWith('volatile-'))
      this.#tell('rule out that claims are evicted', new Error(`its maxmemory-policy is ${policy}`));
    this.#trustedUntil = this.context.clock.now() + TRUSTED_MS;
  }

  /** Once each. */
  #tell(operation: string, error: unknown): void {
    if (this.#told.has(operation)) return;
    this.#told.add(operation);
    tell(this.context, { operation: 'background', error: new BackendError(this.kind(), operation, error) });
  }
}

function refusal(kind: string, policy: string): string {
  return (
    `${kind}: the maxmemory-policy of the server is ${policy}, so it may forget that a method of at_most_once has ` +
    'started; accepted: noeviction, volatile-…, or the option acceptEviction: true.'
  );
}
