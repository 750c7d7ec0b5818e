import type { Removal } from './local-backend.js';

/** Why a call was answered by the method itself, with nothing stored. */
export type BypassReason = 'uncacheable-arguments' | 'unscoped-instance';

/** Where something failed that no caller was told about. */
export interface Failure {
  readonly operation: 'read' | 'write' | 'delete' | 'decode' | 'encode' | 'background';
  /** The site's name, where one is concerned. */
  readonly site?: string;
  readonly error: unknown;
}

/**
 * Eyes of the application on the cache. Every member is optional and called synchronously off the hit path; an
 * exception thrown by one is swallowed.
 */
export interface Observer {
  miss?(site: string): void;
  load?(site: string, ms: number, error?: unknown): void;
  bypass?(site: string, reason: BypassReason): void;
  remove?(cause: Removal): void;
  /** Degraded: the answer was right, but not by way of the cache. */
  failure?(failure: Failure): void;
  /** Something a developer should read once. */
  warning?(message: string): void;
}
