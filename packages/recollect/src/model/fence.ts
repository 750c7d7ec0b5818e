import { platform } from './platform.js';

/** As much of node's AsyncLocalStorage as is used of it. */
interface Store {
  run<T>(value: number | undefined, work: () => T): T;
  getStore(): number | undefined;
}

/** For runtimes without one: what is called is told, what that continues with later is not. */
class SynchronousStore implements Store {
  #value: number | undefined;

  run<T>(value: number | undefined, work: () => T): T {
    const before = this.#value;
    this.#value = value;
    try {
      return work();
    } finally {
      this.#value = before;
    }
  }

  getStore(): number | undefined {
    return this.#value;
  }
}

let store: Store | undefined;

function storage(): Store {
  const hooks = platform.process?.getBuiltinModule?.('node:async_hooks') as
    | { readonly AsyncLocalStorage: new () => Store }
    | undefined;
  store ??= hooks === undefined ? new SynchronousStore() : new hooks.AsyncLocalStorage();
  return store;
}

/**
 * The fence number of the run that this is called in, directly or through whatever it calls and awaits; `undefined` elsewhere.
 * Only runs of methods with `atomicWrites` have one. It is greater than that of every earlier run for the same key: hand it to
 * what the method changes outside, and let that refuse a lower number than it has seen.
 *
 * In a runtime without `node:async_hooks` it is known only until the method first awaits.
 */
export function currentFence(): number | undefined {
  return store?.getStore();
}

/** Runs the work with the fence number; without one the work is merely run. */
export function withFence<T>(fence: number | undefined, work: () => T): T {
  return fence === undefined ? work() : storage().run(fence, work);
}
