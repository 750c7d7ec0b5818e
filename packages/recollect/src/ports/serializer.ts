/**
 * Values to bytes and back. `decode(encode(x))` equals `x` for every value it accepts; `encode` throws for a value it
 * cannot carry rather than change it.
 */
export interface Serializer {
  /** Stands in every envelope it wrote: never reuse an id for another format. */
  readonly id: string;
  /** False when another serializer should carry this value. Absent: it takes every value. */
  accepts?(value: unknown): boolean;
  encode(value: unknown): Uint8Array;
  decode(data: Uint8Array): unknown;
}
