import type { FileSystemCache } from '@recollect/file-system';
import { bytes, HOUR } from '../scratch.js';
import type { Operation } from './history.js';

/** The key under a cache of one of the processes. */
export interface Subject {
  readonly cache: FileSystemCache;
  readonly key: string;
}

type KeyOperation = Operation<Subject>;

const record = (key: string, text: string) => ({ key, data: bytes(text), ttlMs: HOUR });

export const write = (text: string): KeyOperation => ({
  name: `write ${text}`,
  run: ({ cache, key }) => cache.write([record(key, text)]),
  outcomes: () => [[true, text]],
});

/** It may always fail to store: that is allowed. */
export const fill = (text: string, expected?: string): KeyOperation => ({
  name: `fill ${text} over ${expected ?? 'nothing'}`,
  run: ({ cache, key }) =>
    cache.fill(record(key, text), expected === undefined ? undefined : bytes(expected)),
  outcomes: (state) =>
    state === undefined || state === expected
      ? [
          [true, text],
          [false, state],
        ]
      : [[false, state]],
});

export const add = (text: string): KeyOperation => ({
  name: `add ${text}`,
  run: async ({ cache, key }) => Buffer.from(await cache.add(record(key, text))).toString(),
  outcomes: (state) => [[state ?? text, state ?? text]],
});

export const remove: KeyOperation = {
  name: 'delete',
  run: ({ cache, key }) => cache.delete([key]),
  outcomes: (state) => [[state === undefined ? 0 : 1, undefined]],
};

export const removeIf = (text: string): KeyOperation => ({
  name: `delete if ${text}`,
  run: ({ cache, key }) => cache.deleteIfEqual(key, bytes(text)),
  outcomes: (state) => (state === text ? [[true, undefined]] : [[false, state]]),
});

/** Removes what it finds dead. */
export const read: KeyOperation = {
  name: 'read',
  run: async ({ cache, key }) => {
    const [found] = await cache.read([key]);
    return found && Buffer.from(found.data).toString();
  },
  outcomes: (state) => [[state, state]],
};
