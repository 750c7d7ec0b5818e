import type { Address } from '../address.js';
import type { Wire } from '../wire.js';
import { redirectionIn } from './redirection.js';
import type { Work } from './route.js';

/** Remembers the redirection of a command, if any. One work at a time. */
class HeedfulWire implements Wire {
  redirected: unknown;

  constructor(
    private readonly wire: Wire,
    private readonly from: Address,
  ) {}

  async sendCommand(args: readonly (string | Buffer)[]): Promise<unknown> {
    try {
      return await this.wire.sendCommand(args);
    } catch (error) {
      if (redirectionIn(error, this.from) !== undefined) this.redirected ??= error;
      throw error;
    }
  }
}

/** One per connection, as there are those who remember what they have learnt of one. */
const wires = new WeakMap<Wire, HeedfulWire>();

/**
 * The work, made to reject with the redirection of any of its commands rather than with what became of it in the end: a
 * transaction of which one command was redirected says `EXECABORT`, which tells nothing.
 *
 * @param from Who redirects. The connection must be nobody else's meanwhile.
 */
export function heedful<T>(from: Address, work: Work<T>): Work<T> {
  return async (wire) => {
    let heeding = wires.get(wire);
    if (heeding === undefined) {
      heeding = new HeedfulWire(wire, from);
      wires.set(wire, heeding);
    }
    heeding.redirected = undefined;
    try {
      return await work(heeding);
    } catch (error) {
      throw heeding.redirected ?? error;
    }
  };
}
