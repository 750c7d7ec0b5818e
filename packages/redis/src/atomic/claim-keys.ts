/** The key of something kept beside a record. Bytes where text could be the key of another record. */
export type ClaimKey = string | Buffer;

/** What is kept about the lease on one key. All of it lies in the slot of that key. */
export interface ClaimKeys {
  /** The record itself. */
  readonly record: string;
  /** Who may load: the text of a claim. */
  readonly lease: ClaimKey;
  /** That the holder of a claim of `at_most_once` is alive: its token. */
  readonly heartbeat: ClaimKey;
  /** The last fence number that was drawn. */
  readonly fence: ClaimKey;
  /** Where it is told that something may have become of the key. */
  readonly channel: string;
}

const LEASE = '@lease';
const HEARTBEAT = '@alive';
const FENCE = '@fence';
const NEWS = '@news';

/** No text contains this byte, so no key of a record ends in it and a note. */
const NO_TEXT = Buffer.from([0xff]);

/**
 * Where the notes about a key lie. A key without a hash tag becomes the tag of theirs: `{key}@lease`, which is no key of a
 * record, as these start with a namespace, and that has no braces. A key with a tag keeps it and cannot be put in braces;
 * since `key@lease` may be the key of another record, a byte that is no text comes in between.
 *
 * @param key One that `refuseKey` lets through.
 */
export function claimKeys(key: string): ClaimKeys {
  if (!key.includes('}')) {
    const tag = `{${key}}`;
    return {
      record: key,
      lease: tag + LEASE,
      heartbeat: tag + HEARTBEAT,
      fence: tag + FENCE,
      channel: tag + NEWS,
    };
  }
  return {
    record: key,
    lease: beside(key, LEASE),
    heartbeat: beside(key, HEARTBEAT),
    fence: beside(key, FENCE),
    // Who is told of another key by mistake only looks once more.
    channel: key + NEWS,
  };
}

/** @throws Error for a key with a brace that closes no hash tag: nothing beside it would be in its slot. */
export function refuseKey(key: string): void {
  if (!key.includes('}') || hasTag(key)) return;
  throw new Error(
    `the key ${JSON.stringify(key)} has a "}" and no hash tag, so nothing can be kept beside it`,
  );
}

/** What a key of the database is a note of, if it is one. */
export function noteOf(key: Buffer): 'claim' | 'fence' | undefined {
  const isNote = (note: string): boolean => {
    const at = key.length - note.length;
    return at > 0 && key.includes(note, at, 'latin1') && isEndOfKey(key, at);
  };
  if (isNote(FENCE)) return 'fence';
  return isNote(LEASE) || isNote(HEARTBEAT) ? 'claim' : undefined;
}

/** What the notes about all keys with this prefix start with, those apart that have a hash tag: these start with it. */
export function notesPrefix(prefix: string): string {
  return `{${prefix}`;
}

function isEndOfKey(key: Buffer, at: number): boolean {
  return key[at - 1] === NO_TEXT[0] || (key[0] === 0x7b && key[at - 1] === 0x7d);
}

/** As Redis reads it: from the first opening brace to the next closing one, unless nothing is in between. */
function hasTag(key: string): boolean {
  const open = key.indexOf('{');
  return open >= 0 && key.indexOf('}', open) > open + 1;
}

function beside(key: string, note: string): Buffer {
  return Buffer.concat([Buffer.from(key), NO_TEXT, Buffer.from(note)]);
}
