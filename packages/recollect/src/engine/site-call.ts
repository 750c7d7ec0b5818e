import type { Place } from '../keys/argument-index.js';
import type { Binding } from './binding.js';
import type { Call } from './call.js';
import { canonicalForm, keyParts } from './identify.js';
import type { Lane } from './lane.js';
import type { Lanes } from './lanes.js';
import type { Method } from './site.js';

/** A call of a decorated method. */
export class SiteCall implements Call {
  constructor(
    private readonly binding: Binding,
    private readonly method: Method,
    private readonly lanes: Lanes,
    private readonly self: unknown,
    readonly args: readonly unknown[],
    readonly lane: Lane,
    readonly place: Place,
    readonly key: string,
  ) {}

  load(): unknown {
    return this.method.apply(this.self, this.args as unknown[]);
  }

  sameKey(): boolean {
    const { args, binding, key, lane, place } = this;
    if (!this.sameScope()) return false;
    // Primitives are what they were.
    if (typeof place !== 'string' && binding.policy.key === undefined) return true;
    try {
      const canonical = canonicalForm(binding, keyParts(binding, args));
      return canonical !== undefined && binding.keys.entry(lane.prefix, canonical) === key;
    } catch {
      return false;
    }
  }

  sameScope(): boolean {
    if (this.lanes.stable) return true;
    try {
      return this.lanes.of(this.self).prefix === this.lane.prefix;
    } catch {
      return false;
    }
  }
}
