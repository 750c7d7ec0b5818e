import { platform } from '../model/platform.js';

/**
 * A new random version id. Random, not counted: an id that was evicted and made again never equals an old one, so
 * eviction can cost misses but bring nothing back.
 */
export function freshVersion(): Uint8Array {
  return platform.crypto.getRandomValues(new Uint8Array(12));
}

/** The id as text, for comparison and for the envelope. */
export function versionText(id: Uint8Array): string {
  let text = '';
  for (const byte of id) text += byte.toString(16).padStart(2, '0');
  return text;
}
