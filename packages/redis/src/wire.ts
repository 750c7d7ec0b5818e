/**
 * What the commands need of a connection. It returns blobs as bytes, sends all that is issued in one tick in one flush, and
 * keeps nothing for later while offline.
 */
export interface Wire {
  /** Rejects with the server's error, or with the reason why there was no reply. */
  sendCommand(args: readonly (string | Buffer)[]): Promise<unknown>;
}

/** A connection as far as channels go. It serves these or commands, not both. */
export interface Channels {
  /** Resolves when the server has confirmed it; rejects as `sendCommand` does. */
  subscribe(channels: string[], hear: (message: string, channel: string) => void): Promise<unknown>;
  unsubscribe(channel: string, hear: (message: string, channel: string) => void): Promise<unknown>;
}
