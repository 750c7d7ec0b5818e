/** The few globals of every ES runtime that the language's own library does not declare. */
interface Platform {
  readonly performance: { now(): number };
  readonly crypto: { getRandomValues<T extends Uint8Array>(array: T): T };
  setTimeout(task: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
  setInterval(task: () => void, ms: number): unknown;
  clearInterval(timer: unknown): void;
  readonly console: { warn(message: string): void };
  readonly process?: {
    readonly env?: Readonly<Record<string, string | undefined>>;
    /** A module of Node without an import, which other runtimes could not resolve. */
    getBuiltinModule?(id: string): unknown;
  };
}

/**
 * Read through this object at each use, never copied out of it: a test that replaces the global timers replaces them
 * for the cache as well.
 */
export const platform = globalThis as unknown as Platform;

/** Lets the process end although the timer is pending, where the runtime has such a notion. */
export function unref(timer: unknown): void {
  (timer as { unref?(): void } | null)?.unref?.();
}
