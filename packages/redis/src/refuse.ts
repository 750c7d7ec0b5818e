import { ConfigurationError } from 'recollect';

/** The error for an option that cannot be meant. Texts are quoted, objects only named by their type. */
export function refuse(option: string, value: unknown, accepted: string): ConfigurationError {
  return new ConfigurationError(`Redis option "${option}" is ${shown(value)}; accepted: ${accepted}.`);
}

/** The error for a secret: says of what type it is and nothing else. */
export function refuseSecret(option: string, value: unknown, accepted: string): ConfigurationError {
  const type = value === '' ? 'empty' : `of type ${value === null ? 'null' : typeof value}`;
  return new ConfigurationError(`Redis option "${option}" is ${type}; accepted: ${accepted}.`);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(withoutSecrets(value));
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  return Array.isArray(value) ? 'an array' : 'an object';
}

/** Blanks whatever stands before the last `@` of an address, also where the text is no valid URL. */
function withoutSecrets(text: string): string {
  return text.replace(/^([a-z]+:\/{0,2})?.*@/is, '$1***@');
}
