interface NodeBuffer {
  from(text: string, encoding: 'base64'): Uint8Array;
  from(buffer: ArrayBufferLike, offset: number, length: number): { toString(encoding: 'base64'): string };
}

const { Buffer, btoa, atob } = globalThis as unknown as {
  readonly Buffer?: NodeBuffer;
  btoa(binary: string): string;
  atob(text: string): string;
};

/** Characters per call: arguments of a call lie on the stack. */
const CHUNK = 0x2000;

/** Base64 (RFC 4648, section 4) of some bytes, by the way every runtime has. */
export function portableBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return btoa(binary);
}

/** @throws when the text is not base64. */
export function bytesOfPortableBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** {@link portableBase64}; Node's own is twenty times as fast. */
export const toBase64: (bytes: Uint8Array) => string =
  Buffer === undefined
    ? portableBase64
    : (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

/** The bytes of a base64 text, in a buffer of their own. */
export const fromBase64: (text: string) => Uint8Array =
  Buffer === undefined ? bytesOfPortableBase64 : (text) => Uint8Array.from(Buffer.from(text, 'base64'));
