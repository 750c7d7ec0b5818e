/**
 * What the commands need of a connection. It returns blobs as bytes, sends all that is issued in one tick in one flush, and
 * keeps nothing for later while offline.
 */
export interface Wire {
  /** Rejects with the server's error, or with the reason why there was no reply. */
  sendCommand(args: readonly (string | Buffer)[]): Promise<unknown>;
}
