import type { SharedRecord, SharedWrite } from 'recollect';
import { blobReply, numberReply, OutOfStepError, okReply } from './checked-reply.js';
import { repliedWith } from './replied-with.js';
import { runScript } from './run-script.js';
import { COMPARE_AND_DELETE, COMPARE_AND_SET } from './scripts.js';
import type { Wire } from './wire.js';

/** Keys per SCAN and per UNLINK: more of them at once would hold up every other client of the server. */
export const BATCH = 500;

/** Attempts to add a record while the one in its way keeps expiring between two commands. */
const ADD_ATTEMPTS = 16;

/** Redis adds its clock to a life in 64 bits, and JavaScript counts to 2^53: this much (142,000 years) suits both. */
const LONGEST_LIFE_MS = 2 ** 52;

/** Connections to servers before 7.0, where SET does not take NX together with GET. */
const withoutSetNxGet = new WeakSet<Wire>();

/**
 * All values by one command, so at one moment. Not inside MULTI, where node-redis would decode bytes as text. The lives come
 * first: where a record is replaced between the two, the newer data gets what its forerunner had left and not the older
 * data the life of its successor. A key of another type is somebody else's: a miss here, and not ours to delete.
 */
export async function readRecords(
  wire: Wire,
  keys: readonly string[],
  lives: number,
): Promise<(SharedRecord | undefined)[]> {
  const asked = keys.slice(0, lives).map((key) => wire.sendCommand(['PTTL', key]));
  const [values, ...left] = await Promise.all([wire.sendCommand(['MGET', ...keys]), ...asked]);
  if (!Array.isArray(values) || values.length !== keys.length) throw new OutOfStepError('MGET', values);
  return values.map((value, at) =>
    recordOf(blobReply('MGET', value), at < left.length ? numberReply('PTTL', left[at]) : -1),
  );
}

/** PTTL answers -1 for a key without an end, -2 for one that is not there, and 0 for one that is about to go. */
function recordOf(bytes: Buffer | null, ttl: number): SharedRecord | undefined {
  const ttlMs = ttl === -1 ? Number.POSITIVE_INFINITY : ttl;
  return bytes !== null && ttlMs > 0 ? { data: bytesOf(bytes), ttlMs } : undefined;
}

/** V8 keeps views of no more bytes within its heap. */
const ON_HEAP_BYTES = 64;

/**
 * A copy where the reply is a small piece of a large chunk: whoever keeps it must not keep the chunk alive. From Node's pool
 * (8 KiB, packed), since memory of its own outside the heap takes three times as long to get, and more to collect.
 */
export function bytesOf(buffer: Buffer): Uint8Array {
  const { byteLength } = buffer;
  if (byteLength === buffer.buffer.byteLength) return new Uint8Array(buffer.buffer, 0, byteLength);
  if (byteLength <= ON_HEAP_BYTES) return new Uint8Array(buffer);
  const copy = Buffer.allocUnsafe(byteLength);
  copy.set(buffer);
  return new Uint8Array(copy.buffer, copy.byteOffset, byteLength);
}

/** Stores the record if the key holds nothing, or `expected`. A script only where there is something to compare. */
export async function fillRecord(
  wire: Wire,
  record: SharedWrite,
  expected: Uint8Array | undefined,
): Promise<boolean> {
  if (expected === undefined) return okReply('SET', await wire.sendCommand(setOf(record, 'NX')));
  const args = [bufferOf(expected), bufferOf(record.data), lifeOf(record.ttlMs)];
  return numberReply('EVALSHA', await runScript(wire, COMPARE_AND_SET, [record.key], args)) === 1;
}

/** Deletes the record if it is still `data`. */
export async function deleteRecord(wire: Wire, key: string, data: Uint8Array): Promise<boolean> {
  return numberReply('EVALSHA', await runScript(wire, COMPARE_AND_DELETE, [key], [bufferOf(data)])) === 1;
}

/** One SET per record, all of them in one flush. */
export async function writeRecords(wire: Wire, records: readonly SharedWrite[]): Promise<void> {
  const replies = await Promise.all(records.map((record) => wire.sendCommand(setOf(record))));
  for (const reply of replies) okReply('SET', reply);
}

/** Stores the record unless the key is taken; the data that lies there afterwards. */
export async function addRecord(wire: Wire, record: SharedWrite): Promise<Uint8Array> {
  if (withoutSetNxGet.has(wire)) return addBySetAndGet(wire, record);
  try {
    const there = blobReply('SET', await wire.sendCommand(setOf(record, 'NX', 'GET')));
    return there === null ? record.data : bytesOf(there);
  } catch (error) {
    if (!repliedWith(error, 'ERR syntax error')) throw error;
    withoutSetNxGet.add(wire);
    return addBySetAndGet(wire, record);
  }
}

/** Each SET NX decides alone; a loser reads the winner, and tries again if that has expired meanwhile. */
async function addBySetAndGet(wire: Wire, record: SharedWrite): Promise<Uint8Array> {
  for (let attempt = 0; attempt < ADD_ATTEMPTS; attempt++) {
    const set = wire.sendCommand(setOf(record, 'NX'));
    const get = wire.sendCommand(['GET', record.key]);
    const [stored, found] = await Promise.all([set, get]);
    const there = blobReply('GET', found);
    if (okReply('SET', stored)) return record.data;
    if (there !== null) return bytesOf(there);
  }
  throw new Error(`the record in its way expired ${ADD_ATTEMPTS} times between two commands`);
}

export function setOf({ key, data, ttlMs }: SharedWrite, ...flags: readonly string[]): (string | Buffer)[] {
  const bytes = bufferOf(data);
  const life = lifeOf(ttlMs);
  return life === '' ? ['SET', key, bytes, ...flags] : ['SET', key, bytes, ...flags, 'PX', life];
}

/** Milliseconds as `PX` takes them; empty for no end. */
export function lifeOf(ttlMs: number): string {
  if (ttlMs === Number.POSITIVE_INFINITY) return '';
  return String(Math.min(Math.max(1, Math.floor(ttlMs)), LONGEST_LIFE_MS));
}

/** The same bytes under the type that node-redis asks for. */
export function bufferOf(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

/** The keys in batches that may be deleted at once, without holding up other clients of the server. */
export function* batches<Key>(keys: readonly Key[]): Generator<readonly Key[], void, undefined> {
  for (let from = 0; from < keys.length; from += BATCH) yield keys.slice(from, from + BATCH);
}

/** Deletes one batch; how many keys there were. */
export async function unlinkBatch(wire: Wire, keys: readonly (string | Buffer)[]): Promise<number> {
  return numberReply('UNLINK', await wire.sendCommand(['UNLINK', ...keys]));
}

/** One step of a walk over the keys with a prefix: where to go on, `'0'` at the end, and the keys, as bytes. */
export async function scanPage(wire: Wire, cursor: string, prefix: string): Promise<[string, Buffer[]]> {
  const pattern = `${prefix.replace(/[\\*?[\]]/g, '\\$&')}*`;
  const page = ['SCAN', cursor, 'MATCH', pattern, 'COUNT', String(BATCH)];
  const reply = await wire.sendCommand(page);
  if (!Array.isArray(reply) || !Array.isArray(reply[1])) throw new OutOfStepError('SCAN', reply);
  const [next, keys] = reply as [Buffer, Buffer[]];
  return [next.toString(), keys];
}
