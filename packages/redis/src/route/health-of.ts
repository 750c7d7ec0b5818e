import type { BackendHealth } from 'recollect';

/** Always `ok`, as calls are answered without the servers too. */
export function healthOf(reasons: readonly string[]): BackendHealth & { readonly ok: true } {
  return { ok: true, degraded: reasons.length > 0, reasons };
}
