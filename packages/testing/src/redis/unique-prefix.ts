import { randomUUID } from 'node:crypto';

/**
 * A prefix for keys that no other run and no other test has, so that tests can share a server with anything.
 *
 * @param label Something to know the keys by in a browser of the database.
 */
export function uniquePrefix(label = 'test'): string {
  return `recollect-${label}:${randomUUID()}:`;
}
