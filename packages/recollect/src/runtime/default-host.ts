import { RuntimeHost } from './host.js';

const slot = Symbol.for('recollect.default-host.v1');

/** The host of the process-wide decorators, one even where two copies of this package are loaded. */
export function defaultHost(): RuntimeHost {
  const holder = globalThis as { [slot]?: RuntimeHost };
  holder[slot] ??= new RuntimeHost();
  return holder[slot];
}
