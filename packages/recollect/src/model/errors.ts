const brand = Symbol.for('recollect.error');

/** Every code an error of this library can carry; each is a heading in the reference of errors. */
export type CacheErrorCode =
  | 'ERR_CONFIGURATION'
  | 'ERR_BACKEND'
  | 'ERR_SERIALIZATION'
  | 'ERR_KEY'
  | 'ERR_UNSCOPED_INSTANCE'
  | 'ERR_AT_MOST_ONCE';

/** Root of every error thrown by recollect itself. An error thrown by a memoized method is never wrapped in one. */
export class CacheError extends Error {
  override readonly name: string = 'CacheError';
  readonly code: CacheErrorCode;
  readonly [brand] = true;

  constructor(code: CacheErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** Like `instanceof`, but true as well for an error made by another copy of this package. */
  static is(error: unknown): error is CacheError {
    return typeof error === 'object' && error !== null && brand in error;
  }
}

/** What was written cannot be meant: an option, a name, a combination. Thrown at decoration or at wiring. */
export class ConfigurationError extends CacheError {
  override readonly name = 'ConfigurationError';
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_CONFIGURATION', message, options);
  }
}

/** A backend could not do what it was asked. Reaches the callers of manual operations only. */
export class BackendError extends CacheError {
  override readonly name = 'BackendError';
  readonly backend: string;
  readonly operation: string;
  constructor(backend: string, operation: string, cause: unknown) {
    const why = cause instanceof Error ? cause.message || cause.name : String(cause);
    super('ERR_BACKEND', `${backend} failed to ${operation}: ${why}`, { cause });
    this.backend = backend;
    this.operation = operation;
  }
}

/** A value that no serializer can carry, or a record that none can read. */
export class SerializationError extends CacheError {
  override readonly name = 'SerializationError';
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_SERIALIZATION', message, options);
  }
}

/** An argument that cannot be part of a key. */
export class KeyError extends CacheError {
  override readonly name = 'KeyError';
  /** Position of the argument, from 0. */
  readonly argument: number;
  constructor(message: string, argument: number) {
    super('ERR_KEY', message);
    this.argument = argument;
  }
}

/** A second instance of a class that differs from the first was about to share its entries. */
export class UnscopedInstanceError extends CacheError {
  override readonly name = 'UnscopedInstanceError';
  constructor(message: string) {
    super('ERR_UNSCOPED_INSTANCE', message);
  }
}

/**
 * Why a method under `atomicWrites: 'at_most_once'` was not run.
 *
 * - `indeterminate`: it has been started, and nobody who is alive can say what became of it, or nobody said in time;
 * - `unavailable`: whether it has been started cannot be known now;
 * - `contention`: the claim was contested again and again.
 */
export type AtMostOnceKind = 'indeterminate' | 'unavailable' | 'contention';

/** A method that must not start twice was not started, and no result of it is known. */
export class AtMostOnceError extends CacheError {
  override readonly name = 'AtMostOnceError';
  readonly kind: AtMostOnceKind;
  /** The name of the cached method. */
  readonly site: string;
  constructor(kind: AtMostOnceKind, site: string, message: string, options?: ErrorOptions) {
    super('ERR_AT_MOST_ONCE', `${site}: ${message}`, options);
    this.kind = kind;
    this.site = site;
  }
}
