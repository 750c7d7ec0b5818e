/** Where a proxy leads. */
export interface ProxyTarget {
  readonly host: string;
  readonly port: number;
}

/**
 * A road to a server on which accidents happen as a test tells it: nothing is left to chance. What a fault applies to is
 * decided when bytes are passed on, so it meets also those that are already waiting in the proxy.
 */
export interface TcpProxy {
  /** `redis://127.0.0.1:<port>`, without credentials. */
  readonly url: string;
  readonly port: number;
  /** How many connections clients have to it now. */
  readonly connections: number;
  /** How many connections it has ever accepted. */
  readonly accepted: number;
  /** Everything takes so much longer from now on, each way. `0` ends it. */
  delay(ms: number): void;
  /**
   * Nothing gets through: `up` to the server, `down` to the clients, not even the end of a connection. As on a network
   * without a route, connections stay open and their bytes arrive after `heal()`. New ones are accepted. Adds up.
   */
  blackhole(way: 'up' | 'down' | 'both'): void;
  /** Cuts all connections; new ones are served. */
  cut(): void;
  /** Cuts the connection of the next command that contains this; the server never sees the command. */
  cutBefore(match: string): void;
  /** Cuts the connection of the next command that contains this, when the server has done it: only the reply is lost. */
  cutAfter(match: string): void;
  /**
   * Damages what goes to the clients. A number: the byte at this offset, counted over all connections from now on, gets
   * its lowest bit flipped, once. A seed: of each piece that comes from the server, one byte gets one bit flipped, until
   * `heal()`; a client that waits for each reply gets each of them damaged.
   */
  flip(what: number | { readonly seed: number }): void;
  /** Those who connect from now on get to another server. */
  redirect(target: ProxyTarget): void;
  /** Ends every fault that is going on or in wait; what was held back arrives. */
  heal(): void;
  /** Cuts all connections and takes no more. Idempotent. */
  close(): Promise<void>;
}
