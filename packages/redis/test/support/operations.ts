import type { SharedBackend } from 'recollect';

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export async function collect(keys: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const key of keys) found.push(key);
  return found;
}

/** Every operation under its name, with what it answers when nothing is stored and nothing can be. */
export function operations(backend: SharedBackend, key: string) {
  const record = { key, data: bytes('data'), ttlMs: 60_000 };
  return [
    ['read', async () => await backend.read([key, key]), [undefined, undefined]],
    ['write', async () => await backend.write([record]), false],
    ['add', async () => await backend.add(record), record.data],
    ['delete', async () => await backend.delete([key]), undefined],
    ['deleteIfEqual', async () => await backend.deleteIfEqual(key, record.data), false],
    ['scan', async () => await collect(backend.scan(key)), []],
    ['clear', async () => await backend.clear(key), undefined],
  ] as const;
}

/** What the promise rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const nothing = Symbol('it was fulfilled');
  const reason = await promise.then(
    () => nothing,
    (error: unknown) => error,
  );
  if (reason === nothing) throw new Error('expected a rejection');
  return reason;
}

/** Tries until it succeeds, at most three seconds: for what happens in its own time on a real socket. */
export async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const giveUp = performance.now() + 3_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > giveUp) throw error;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}
