import type { BackendContext, Clock, Failure } from 'recollect';

/** A context in real time that keeps what is reported to it. */
export interface TestContext extends BackendContext {
  readonly reported: Failure[];
}

/** Time as the runtime gives it to a backend: monotonic, with timers that keep no process alive. */
const realClock: Clock = {
  now: () => performance.now(),
  get coarse() {
    return performance.now();
  },
  after(ms, task) {
    const timer = setTimeout(task, ms).unref();
    return () => clearTimeout(timer);
  },
};

export function testContext(clock: Clock = realClock): TestContext {
  const reported: Failure[] = [];
  return { clock, reported, report: (failure) => void reported.push(failure) };
}
