/** What was seen in the shared tier before a load began. What it returns may be stored as long as that stands. */
export interface Sighting {
  /** The version ids that the value depends on; `undefined`: what is there is another release's, and to be left alone. */
  readonly versions: readonly string[] | undefined;
  /** What lay under the key: nothing, a tombstone, or a record that is no answer. */
  readonly seen: Uint8Array | undefined;
  /** When it was looked for, in monotonic milliseconds. */
  readonly at: number;
}

/** A value found, or what to store the next one under. */
export type Found = Sighting &
  (
    | { readonly hit: true; readonly value: unknown; readonly ttlMs: number }
    | { readonly hit: false; readonly corrupt: Error | undefined }
  );

/** Whether ids are the same, one by one. */
export function sameVersions(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, at) => id === other[at]);
}
