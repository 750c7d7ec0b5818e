import { AtMostOnceError } from '../model/errors.js';
import type { Resolver } from './site.js';

/** What answers when the cache is closed and the method must not run without it. */
export class Closed implements Resolver {
  constructor(private readonly name: string) {}

  resolve(): Promise<never> {
    return Promise.reject(new AtMostOnceError('unavailable', this.name, 'the cache is closed'));
  }
}
