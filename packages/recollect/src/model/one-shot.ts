const has = (value: object, name: string): boolean =>
  typeof (value as Readonly<Record<string, unknown>>)[name] === 'function';

/** Whether whoever reads the value first uses it up: a generator or other iterator, an async iterable, a stream. */
export function isOneShot(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return (
    Symbol.asyncIterator in value ||
    (Symbol.iterator in value && has(value, 'next')) ||
    has(value, 'getReader') ||
    (has(value, 'pipe') && has(value, 'on'))
  );
}
