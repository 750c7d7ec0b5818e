import { KeyError } from '../model/errors.js';
import { digestHex } from './digest.js';
import { MAX_KEY_UNITS } from './key-limits.js';

/** UTF-16 units up to which text stands in a key as it is. */
const READABLE_UNITS = 160;

/** Marks a digest. No canonical form starts with it; a manual key that does is written as its digest. */
const DIGEST = '~';
const MANUAL = '$';
const VERSIONS = '%';

const UNSAFE = /[^A-Za-z0-9_.#$@/-]/;
const UNSAFE_UNITS = /[^A-Za-z0-9_.#$@/-]/g;
const BRACES = /[{}]/;
const ALL_BRACES = /[{}]/g;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * The keys of one namespace, in either tier. Two keys are the same text only if everything they are made of is the same
 * (digests apart, 128 bits of SHA-256). Each is well-formed Unicode, since a shared tier sees it as UTF-8.
 *
 * | key | text |
 * |---|---|
 * | entry of a site | `namespace:site:version:scope:arguments` |
 * | entry of a manual operation | `namespace:$:key` |
 * | version id of a site | `namespace:%:site` |
 * | version id of the namespace | `namespace:%` |
 *
 * Namespace, site, version and scope keep letters, digits and `_.#$@/-`; every other UTF-16 unit is written as `%` and four
 * hex digits. One that would be longer than 160 units then is `~` and its digest, as are arguments and manual keys.
 */
export class KeySpace {
  /** What every key here starts with, and none of another namespace: it ends in a delimiter. */
  readonly root: string;
  /** Where the version id of the whole namespace lies. */
  readonly namespaceVersion: string;
  private readonly manualRoot: string;

  constructor(namespace: string) {
    this.root = `${segment(namespace)}:`;
    this.namespaceVersion = `${this.root}${VERSIONS}`;
    this.manualRoot = `${this.root}${MANUAL}:`;
  }

  /** What the keys of a site's entries start with, for one version of its results and one scope. */
  lane(site: string, version: string, scope: string): string {
    return `${this.root}${segment(site)}:${segment(version)}:${segment(scope)}:`;
  }

  /** The key of an entry. `canonical` is the canonical form of the arguments, nothing else. */
  entry(lane: string, canonical: string): string {
    return lane + (canonical.length <= READABLE_UNITS ? unbraced(canonical) : DIGEST + digestHex(canonical));
  }

  /**
   * The key of what is stored by hand under `key`.
   *
   * @throws KeyError when the key is not a string, empty, or longer than 262 144 UTF-16 units.
   */
  manual(key: string): string {
    if (typeof key !== 'string') throw refuse(`is of type ${key === null ? 'null' : typeof key}`);
    if (key === '') throw refuse('is empty');
    if (key.length > MAX_KEY_UNITS) throw refuse(`has ${key.length} UTF-16 units`);
    return this.manualRoot + (isReadable(key) ? key : DIGEST + digestHex(key));
  }

  /**
   * What the keys of all readable manual keys with this prefix start with, and nothing else does unless the prefix is
   * empty: then it is all manual keys. Where no readable key can have the prefix, it is text that no key starts with.
   *
   * @throws KeyError when the prefix is not a string or not well-formed Unicode.
   */
  manualPrefix(prefix: string): string {
    if (typeof prefix !== 'string') throw refuse(`is of type ${prefix === null ? 'null' : typeof prefix}`);
    // Half a surrogate pair is a prefix of some readable keys, but not of their UTF-8.
    if (LONE_SURROGATE.test(prefix)) throw refuse('is not well-formed Unicode and therefore no prefix');
    return this.manualRoot + (prefix === '' || isReadable(prefix) ? prefix : DIGEST + DIGEST);
  }

  /** The manual key that a full key stands for; `undefined` when it is a digest or the key of something else. */
  manualKeyOf(full: string): string | undefined {
    if (!full.startsWith(this.manualRoot)) return undefined;
    const key = full.slice(this.manualRoot.length);
    return key !== '' && isReadable(key) ? key : undefined;
  }

  /** Where the version id of a site lies. */
  siteVersion(site: string): string {
    return `${this.root}${VERSIONS}:${segment(site)}`;
  }
}

function segment(text: string): string {
  // `$` is the one reserved word that escaping would let through: `%` never survives it.
  if (text === MANUAL) return unitEscape(text);
  if (!UNSAFE.test(text)) return shortened(text, text);
  return shortened(text, text.replace(UNSAFE_UNITS, unitEscape));
}

function shortened(text: string, escaped: string): string {
  return escaped.length <= READABLE_UNITS ? escaped : DIGEST + digestHex(text);
}

/**
 * Braces stand only in quoted text there, and are written as JSON may write them: an entry's key never names a slot of a
 * cluster by chance, and whatever is kept beside it can name the entry's own.
 */
function unbraced(canonical: string): string {
  return BRACES.test(canonical) ? canonical.replace(ALL_BRACES, jsonEscape) : canonical;
}

function jsonEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function unitEscape(unit: string): string {
  return `%${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function isReadable(key: string): boolean {
  return key.length <= READABLE_UNITS && !key.startsWith(DIGEST) && !LONE_SURROGATE.test(key);
}

function refuse(what: string): KeyError {
  return new KeyError(`key ${what}; it accepts text of 1 to ${MAX_KEY_UNITS} UTF-16 units`, 0);
}
