import type { OwnServer } from './own-server.js';

/** A master, its replicas and the sentinels that watch them, all our own. They end with this process. */
export interface OwnSentinels {
  /** Of the watched master, as clients ask for it. */
  readonly name: string;
  /** Where clients find the sentinels. */
  readonly sentinels: readonly { readonly host: string; readonly port: number }[];
  readonly sentinelServers: readonly OwnServer[];
  /** All servers that hold data. */
  readonly servers: readonly OwnServer[];
  /** The server that most of the sentinels name as master now. */
  master(): Promise<OwnServer>;
  /** The servers that run and are not the master now. */
  replicas(): Promise<readonly OwnServer[]>;
  /**
   * Makes a replica the master, as an administrator would; resolves when it is one and all sentinels say so. Returns it.
   */
  failover(): Promise<OwnServer>;
  /** Resolves when all sentinels that run agree on a master that serves and is not this one; returns it. */
  masterOtherThan(old: OwnServer): Promise<OwnServer>;
  /** Ends all and removes what they kept. Idempotent. */
  stop(): Promise<void>;
}
