/** For authors of shared backends: deadlines, limits and breakers. Apart from the main entry, whose users need none of it. */
export { Guard, type GuardHooks } from './resilience/guard.js';
export type { Access, FaultKind } from './resilience/guard-breakers.js';
export type { GuardBreakerOptions, GuardOptions } from './resilience/guard-options.js';
