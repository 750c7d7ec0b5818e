/** A point at which the code under test waits until the test lets it go on. */
export interface Gate<T = void> {
  /** Waits for the gate. To read it is to arrive: take it where the waiting begins. */
  readonly opened: Promise<T>;
  /** Settled as soon as someone waits at the gate. */
  readonly arrived: Promise<void>;
  /** Lets everyone through, now and later. The first of `open` and `fail` counts. */
  open(value: T): void;
  /** Turns everyone away with this error, now and later. */
  fail(error: unknown): void;
}

/**
 * A gate, closed. The test awaits `arrived`, does what must happen in between, and opens:
 *
 * ```ts
 * const loading = gate<User>();
 * const first = service.user(1);   // its method awaits loading.opened
 * await loading.arrived;
 * await users.invalidate(1);
 * loading.open(old);
 * ```
 */
export function gate<T = void>(): Gate<T> {
  let open!: (value: T) => void;
  let fail!: (error: unknown) => void;
  let arrive!: () => void;
  const opened = new Promise<T>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  // A gate may fail before anyone has arrived; that is no unhandled rejection.
  opened.catch(() => {});
  return {
    get opened() {
      arrive();
      return opened;
    },
    arrived,
    open,
    fail,
  };
}
