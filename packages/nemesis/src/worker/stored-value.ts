import type { Outcome } from '../history/history.js';

/** What a load returns: it says where it comes from, and whether it is whole. */
export interface StoredValue {
  readonly load: string;
  readonly subject: string;
  readonly body: string;
}

export function storedValue(load: string, subject: string, length: number): StoredValue {
  return { load, subject, body: `${load} `.repeat(length) };
}

/** What a caller has got. */
export function outcomeOf(value: unknown): Outcome {
  const { load, subject, body } = (value ?? {}) as Partial<StoredValue>;
  const isWhole =
    typeof load === 'string' &&
    typeof subject === 'string' &&
    typeof body === 'string' &&
    body === `${load} `.repeat(body.length / (load.length + 1));
  if (isWhole) return { is: 'value', load, subject };
  return { is: 'foreign', shown: (JSON.stringify(value) ?? String(value)).slice(0, 200) };
}

/** What a load fails with. */
export class LoaderError extends Error {
  override readonly name = 'LoaderError';
  constructor(readonly load: string) {
    super(`${load} was meant to fail`);
  }
}

export function outcomeOfError(error: unknown): Outcome {
  if (error instanceof LoaderError) return { is: 'loader-error', load: error.load };
  if (!(error instanceof Error)) return { is: 'error', name: typeof error, kind: '', message: String(error) };
  const kind = 'kind' in error && typeof error.kind === 'string' ? error.kind : '';
  return { is: 'error', name: error.name, kind, message: error.message };
}
