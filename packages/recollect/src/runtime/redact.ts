const SECRET = /pass|secret|token|credential|private|auth|api_?key|^keys?$/i;
const HIDDEN = '[redacted]';

/** A frozen copy of a config that can be shown: secrets hidden, passwords taken out of URLs, classes by their name. */
export function redact(value: unknown, name = ''): unknown {
  if (SECRET.test(name) && value !== undefined) return HIDDEN;
  if (typeof value === 'string')
    return value.replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^:@/\s]*):[^/\s]*@/gi, `$1:${HIDDEN}@`);
  if (typeof value === 'function') return value.name === '' ? '(function)' : value.name;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map((item) => redact(item)));
  const proto = Reflect.getPrototypeOf(value);
  if (proto !== null && Reflect.getPrototypeOf(proto) !== null) return `(${proto.constructor.name})`;
  return Object.freeze(
    Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redact(item, key)])),
  );
}
