import type { SharedBackend } from '../ports/shared-backend.js';

/** How many runtimes use a backend. Only one that was handed in built can have several. */
const users = new WeakMap<SharedBackend, number>();

export function useBackend(backend: SharedBackend): void {
  users.set(backend, (users.get(backend) ?? 0) + 1);
}

/** True when that was the last user, who then closes it. */
export function releaseBackend(backend: SharedBackend): boolean {
  const others = (users.get(backend) ?? 1) - 1;
  users.set(backend, others);
  return others === 0;
}
