import { bytesToHex } from '@noble/hashes/utils.js';
import { TYPED_ARRAYS } from './built-in-name.js';
import { type FormWalk, type KeyForm, slot, succeeds } from './key-form.js';
import { primitiveText } from './primitive-text.js';

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;
const kindOf = slot(typedArray, Symbol.toStringTag);
const lengthOf = slot(typedArray, 'length') as (value: object) => number;
const bufferBytes = slot(ArrayBuffer.prototype, 'byteLength') as (value: object) => number;
const viewBuffer = slot(DataView.prototype, 'buffer') as (value: object) => ArrayBuffer;
const viewOffset = slot(DataView.prototype, 'byteOffset') as (value: object) => number;
const viewBytes = slot(DataView.prototype, 'byteLength') as (value: object) => number;

const buffer: KeyForm = {
  owns: succeeds(bufferBytes),
  text: (value, walk) =>
    hexText('ArrayBuffer', bufferBytes(value), () => new Uint8Array(value as ArrayBuffer), walk),
};

const view: KeyForm = {
  owns: succeeds(viewBytes),
  text: (value, walk) => {
    const bytes = viewBytes(value);
    return hexText(
      'DataView',
      bytes,
      () => new Uint8Array(viewBuffer(value), viewOffset(value), bytes),
      walk,
    );
  },
};

/** Bytes in hex, everything wider by element: its bytes would mean another number on a machine of the other order. */
function typedForm(kind: string): KeyForm {
  return {
    owns: (value) => kindOf(value) === kind,
    text: (value, walk) =>
      kind === 'Uint8Array'
        ? hexText(kind, lengthOf(value), () => new Uint8Array(value as Uint8Array), walk)
        : elementsText(kind, value as ArrayLike<unknown>, walk),
    // To list them takes a string for each element; nobody hangs meaning on a byte array.
    ignores: 'properties',
  };
}

function hexText(tag: string, length: number, bytes: () => Uint8Array, walk: FormWalk): string | undefined {
  return walk.spend(0, length * 2) ? `${tag}(${bytesToHex(bytes())})` : undefined;
}

function elementsText(tag: string, elements: ArrayLike<unknown>, walk: FormWalk): string | undefined {
  const length = lengthOf(elements);
  if (!walk.spend(0, length * 2)) return undefined;
  let text = '';
  for (let i = 0; i < length; i++)
    text += i === 0 ? primitiveText(elements[i]) : `,${primitiveText(elements[i])}`;
  return `${tag}(${text})`;
}

/** Forms of everything that holds raw memory, by class name. A `Buffer` is the `Uint8Array` that it is. */
export const BINARY_FORMS: readonly (readonly [string, KeyForm])[] = [
  ['ArrayBuffer', buffer],
  ['DataView', view],
  ...TYPED_ARRAYS.map((kind) => [kind, typedForm(kind)] as const),
  ['Buffer', typedForm('Uint8Array')],
];
