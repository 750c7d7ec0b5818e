/**
 * What the commands need of a client, and the place where another topology can be put underneath. Whatever carries it
 * returns blobs as bytes, sends all that is issued in one tick in one flush, and keeps nothing for later while offline.
 */
export interface Wire {
  /** Rejects with the server's error, or with the reason why there was no reply. */
  sendCommand(args: readonly (string | Buffer)[]): Promise<unknown>;
  /** 1 if the value of the key was exactly this data and is gone now, else 0. Atomic. */
  compareAndDelete(key: string, data: Buffer): Promise<unknown>;
}
