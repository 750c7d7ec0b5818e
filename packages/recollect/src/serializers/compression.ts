import { ConfigurationError } from '../model/errors.js';
import { joinBytes } from './join-bytes.js';

/** Whether values are compressed on their way to the shared tier, and from how many bytes on. Default of both: 1024. */
export type CompressOption = boolean | { readonly thresholdBytes?: number };

interface ByteStream {
  readonly writable: { getWriter(): { write(data: Uint8Array): Promise<void>; close(): Promise<void> } };
  readonly readable: {
    getReader(): {
      read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array }>;
      cancel(): Promise<void>;
    };
  };
}

type ByteStreamClass = new (format: 'deflate') => ByteStream;

const streams = globalThis as unknown as {
  readonly CompressionStream: ByteStreamClass;
  readonly DecompressionStream: ByteStreamClass;
};

const DEFAULT_THRESHOLD = 1024;

/** Bytes that one byte of a DEFLATE stream can stand for at most (RFC 1951: 258 bytes in 2 bits). */
const MOST_EXPANSION = 1032;

/** Bytes that so many bytes of a zlib stream can stand for at most. */
export function mostInflated(length: number): number {
  return length * MOST_EXPANSION;
}

/** The size from which a payload is compressed; `Infinity`: never. @throws ConfigurationError */
export function compressionThreshold(option: CompressOption | undefined): number {
  if (option === undefined || option === false) return Number.POSITIVE_INFINITY;
  if (option === true) return DEFAULT_THRESHOLD;
  const { thresholdBytes = DEFAULT_THRESHOLD } = (option ?? {}) as { readonly thresholdBytes?: unknown };
  if (
    typeof option !== 'object' ||
    option === null ||
    !Number.isSafeInteger(thresholdBytes) ||
    Number(thresholdBytes) < 0
  ) {
    throw new ConfigurationError(
      `compress is ${JSON.stringify(option)}; it accepts true, false or { thresholdBytes: whole bytes from 0 }`,
    );
  }
  return thresholdBytes as number;
}

/** The data as a zlib stream (RFC 1950), `undefined` when that would not be shorter. */
export async function deflate(data: Uint8Array): Promise<Uint8Array | undefined> {
  // Stops on its own as soon as there is nothing to gain.
  return pump(new streams.CompressionStream('deflate'), data, data.length - 1);
}

/**
 * What a zlib stream holds. Ends as soon as more than `rawLength` bytes come out, so that a small record cannot fill the memory.
 *
 * @throws RangeError for another length, TypeError for damage.
 */
export async function inflate(data: Uint8Array, rawLength: number): Promise<Uint8Array> {
  const raw =
    rawLength > mostInflated(data.length)
      ? undefined
      : await pump(new streams.DecompressionStream('deflate'), data, rawLength);
  if (raw?.length !== rawLength)
    throw new RangeError(`the data is not ${rawLength} bytes long when decompressed`);
  return raw;
}

/** Sends the data through; `undefined` when more than `most` bytes come out. */
async function pump(stream: ByteStream, data: Uint8Array, most: number): Promise<Uint8Array | undefined> {
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  // Failures of the writing side are those of the reading side, where they are awaited.
  const written = Promise.allSettled([writer.write(data), writer.close()]);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done || value === undefined) break;
    length += value.length;
    if (length > most) {
      await reader.cancel();
      await written;
      return undefined;
    }
    chunks.push(value);
  }
  await written;
  return joinBytes(chunks);
}
