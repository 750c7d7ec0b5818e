import type { Reply } from './reply.js';
import type { ServerSettings } from './server-settings.js';

/** A server of our own, to do to it whatever may happen to one. It ends with this process, whatever that dies of. */
export interface OwnServer {
  /** `redis://127.0.0.1:<port>`, without credentials. */
  readonly url: string;
  /** Stays the same over restarts. */
  readonly port: number;
  /** `rediss://localhost:<port>` where certificates were given. */
  readonly tlsUrl: string | undefined;
  /** The number of the server's process itself, or of the last one when none runs. */
  readonly pid: number;
  /** Whether its process exists, frozen or not. */
  readonly isRunning: boolean;
  /** What it keeps is here. */
  readonly directory: string;
  /**
   * Says something to it as an administrator, whatever its passwords and users are, over a connection of its own.
   *
   * @throws Error with the server's words when it refuses, and when it says nothing for 5 s.
   */
  command(...words: readonly string[]): Promise<Reply>;
  /** SIGSTOP: it takes connections and bytes, and answers nothing. */
  freeze(): void;
  /** SIGCONT. */
  thaw(): void;
  /** SIGKILL, frozen or not; resolves when it has ended. Its directory is kept for `restart()`. */
  kill(): Promise<void>;
  /**
   * Starts it anew at the same port with what its directory holds; what runs is killed first. Resolves when it answers,
   * which it does while it is still loading.
   *
   * @param settings Change those it had.
   */
  restart(settings?: ServerSettings): Promise<void>;
  /** Ends it and removes its directory. Idempotent; never rejects. */
  stop(): Promise<void>;
}
