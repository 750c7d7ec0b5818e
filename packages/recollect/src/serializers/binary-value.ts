import { TYPED_ARRAYS } from '../keys/built-in-name.js';
import { slot } from '../keys/key-form.js';
import { fromBase64, toBase64 } from './base64.js';
import { UnknownClassError } from './value-classes.js';

interface View {
  readonly buffer: ArrayBufferLike;
  readonly byteOffset: number;
  readonly byteLength: number;
}

interface ViewClass {
  readonly prototype: object;
  readonly BYTES_PER_ELEMENT?: number;
  new (buffer: ArrayBufferLike): View;
}

/** Kind and bytes of something that holds raw memory, as it stands in a record. */
export type BinaryForm = readonly [kind: string, base64: string];

const globals = globalThis as unknown as Readonly<Record<string, ViewClass | undefined>> & {
  readonly Buffer?: { from(buffer: ArrayBufferLike): Uint8Array };
};

/** Kinds with a form, `Buffer` and `ArrayBuffer` among them. */
export const BINARY_KINDS: ReadonlySet<string> = new Set([
  ...TYPED_ARRAYS,
  'ArrayBuffer',
  'Buffer',
  'DataView',
]);

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;
const partsOf = (prototype: object): ((value: object) => View) => {
  const [buffer, byteOffset, byteLength] = ['buffer', 'byteOffset', 'byteLength'].map((name) =>
    slot(prototype, name),
  );
  return (value) =>
    ({ buffer: buffer?.(value), byteOffset: byteOffset?.(value), byteLength: byteLength?.(value) }) as View;
};
const partsOfTypedArray = partsOf(typedArray);
const partsOfDataView = partsOf(DataView.prototype);
const isResizable = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'resizable')?.get;
const lengthOfBuffer = slot(ArrayBuffer.prototype, 'byteLength');

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * The form of a value of one of {@link BINARY_KINDS}. A view is carried as the bytes it shows, whatever else its buffer holds
 * and whoever shares it. Elements of several bytes are written low byte first, so that every machine reads the same.
 *
 * @throws TypeError for memory that is shared between threads or can change its length.
 */
export function binaryForm(kind: string, value: object): BinaryForm {
  const { buffer, byteOffset, byteLength } =
    kind === 'ArrayBuffer'
      ? { buffer: value as ArrayBuffer, byteOffset: 0, byteLength: lengthOfBuffer(value) as number }
      : (kind === 'DataView' ? partsOfDataView : partsOfTypedArray)(value);
  // Also throws for shared memory, which has no such slot.
  lengthOfBuffer(buffer);
  if (isResizable?.call(buffer) === true) throw new TypeError('its memory can change its length');
  return [
    kind,
    toBase64(inOrder(new Uint8Array(buffer, byteOffset, byteLength), globals[kind]?.BYTES_PER_ELEMENT)),
  ];
}

/** @throws UnknownClassError when this runtime has no such kind; TypeError or RangeError for a form never written. */
export function binaryValue([kind, base64]: BinaryForm): object {
  if (!BINARY_KINDS.has(kind) || typeof base64 !== 'string')
    throw new TypeError(`${String(kind)} holds no bytes`);
  const Class = globals[kind];
  const bytes = inOrder(fromBase64(base64), Class?.BYTES_PER_ELEMENT);
  if (kind === 'ArrayBuffer') return bytes.buffer;
  if (kind === 'Uint8Array') return bytes;
  // Where there is no Buffer, a Buffer is the byte array it extends.
  if (kind === 'Buffer') return globals.Buffer?.from(bytes.buffer) ?? bytes;
  if (Class === undefined) throw new UnknownClassError(`this runtime has no ${kind}`);
  return new Class(bytes.buffer);
}

/** From the machine's order of bytes to low byte first, and back. */
function inOrder(bytes: Uint8Array, size = 1): Uint8Array {
  if (LITTLE_ENDIAN || size === 1) return bytes;
  const swapped = bytes.slice();
  for (let at = 0; at < swapped.length; at += size) swapped.subarray(at, at + size).reverse();
  return swapped;
}
