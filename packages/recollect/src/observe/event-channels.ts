import { platform } from '../model/platform.js';
import type { CacheEvents } from '../ports/observer.js';

/** As much of a channel of `node:diagnostics_channel` as is used here. */
interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: unknown): void;
}

export type EventChannels = { readonly [Name in keyof CacheEvents]: Channel };

/** The channels of the process, looked up; `undefined` in a runtime that has none. */
export function eventChannels(): EventChannels | undefined {
  const module = platform.process?.getBuiltinModule?.('node:diagnostics_channel') as
    | { channel(name: string): Channel }
    | undefined;
  if (module === undefined) return undefined;
  const channel = (name: keyof CacheEvents): Channel => module.channel(`recollect:${name}`);
  return {
    miss: channel('miss'),
    load: channel('load'),
    bypass: channel('bypass'),
    remove: channel('remove'),
    failure: channel('failure'),
    degraded: channel('degraded'),
    warning: channel('warning'),
  };
}
