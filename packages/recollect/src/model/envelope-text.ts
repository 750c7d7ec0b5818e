interface TextCoders {
  readonly TextEncoder: new () => { encode(text: string): Uint8Array };
  readonly TextDecoder: new (
    label: 'utf-8',
    options: { readonly fatal: boolean; readonly ignoreBOM: boolean },
  ) => { decode(data: Uint8Array): string };
}

const { TextEncoder, TextDecoder } = globalThis as unknown as TextCoders;
const encoder = new TextEncoder();
// A byte order mark is a character like any other: what was encoded comes back.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text as it stands in envelopes: UTF-8. A lone surrogate becomes U+FFFD. */
export function encodeText(text: string): Uint8Array {
  return encoder.encode(text);
}

/** @throws TypeError for bytes that are not UTF-8. */
export function decodeText(data: Uint8Array): string {
  return decoder.decode(data);
}
