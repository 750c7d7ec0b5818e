import type { Place } from '../keys/argument-index.js';
import type { Lane } from './lane.js';

/** A call that was not answered from the index, with everything that is known of it. */
export interface Call {
  /** The arguments as the method receives them. */
  readonly args: readonly unknown[];
  readonly lane: Lane | undefined;
  readonly place: Place;
  readonly key: string;
  /** Runs the method. */
  load(): unknown;
  /** Whether the arguments and `this` would still give this key: false once somebody has changed them. */
  sameKey(): boolean;
  /** Whether `this` is still of the identity that the key was made for. */
  sameScope(): boolean;
}
