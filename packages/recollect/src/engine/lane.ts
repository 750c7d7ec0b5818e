import { ArgumentIndex } from '../keys/argument-index.js';
import type { Entry } from './entry.js';

/** The entries of one site for one identity of `this`: what differs between two lanes is never shared. */
export class Lane {
  readonly index = new ArgumentIndex<Entry>();

  /** @param prefix what all keys of the lane begin with. */
  constructor(readonly prefix: string) {}
}
