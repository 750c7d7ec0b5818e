import { platform } from '../model/platform.js';
import type { CacheEvents, Observer } from '../ports/observer.js';

type Event = keyof CacheEvents;
type Said<Name extends Event> = Parameters<NonNullable<Observer[Name]>>;

/** As much of a channel of `node:diagnostics_channel` as is used here. */
interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: unknown): void;
}

/** What a message calls the arguments of the observer's method; `''`: the members of that argument are the message's. */
const FIELDS: Readonly<Record<Event, readonly string[]>> = {
  miss: ['site'],
  load: ['site', 'ms', 'error'],
  bypass: ['site', 'reason'],
  remove: ['cause'],
  failure: ['', 'reason'],
  degraded: [''],
  warning: ['message'],
};

/** Tells the application's observer, and whoever has subscribed to the channels of the process. */
export class Announcer {
  readonly #channels: Partial<Record<Event, Channel>> = {};

  constructor(
    private readonly observer: Observer | undefined,
    private readonly namespace: string,
  ) {
    // Absent in a runtime that has no such module.
    const module = platform.process?.getBuiltinModule?.('node:diagnostics_channel') as
      | { channel(name: string): Channel }
      | undefined;
    if (module === undefined) return;
    for (const name of Object.keys(FIELDS) as Event[])
      this.#channels[name] = module.channel(`recollect:${name}`);
  }

  /** Whether anybody listens. */
  isHeard(name: Event): boolean {
    return this.observer?.[name] !== undefined || this.#channels[name]?.hasSubscribers === true;
  }

  /** Does not throw; exceptions of subscribers are the channel's business. No message is made unless somebody gets it. */
  tell<Name extends Event>(name: Name, ...said: Said<Name>): void {
    try {
      (this.observer?.[name] as ((...said: Said<Name>) => void) | undefined)?.apply(this.observer, said);
    } catch {
      // An observer that throws must not change what a caller of a cached method sees.
    }
    const channel = this.#channels[name];
    if (channel?.hasSubscribers !== true) return;
    const message: Record<string, unknown> = { namespace: this.namespace };
    for (const [at, field] of FIELDS[name].entries()) {
      if (field === '') Object.assign(message, said[at]);
      else if (said[at] !== undefined) message[field] = said[at];
    }
    channel.publish(Object.freeze(message));
  }
}
