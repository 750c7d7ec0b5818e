import { MemorySharedBackend } from '@recollect/testing';
import { BackendError } from 'recollect';
import { type BrokenBackends, interruption } from './broken.js';

export const BROKEN_CLOSING: BrokenBackends = [
  [
    'cannot be closed twice',
    class extends MemorySharedBackend {
      #closed = false;
      override async close() {
        if (this.#closed) throw new Error('The client is closed');
        this.#closed = true;
        await super.close();
      }
    },
    ['closes as often as it is asked to', 'closes without ever having been used'],
  ],
  [
    'never comes to an end',
    class extends MemorySharedBackend {
      #asked = false;
      override close() {
        // Once only, so that the suite itself comes to an end.
        const first = !this.#asked;
        this.#asked = true;
        return first ? new Promise<void>(() => {}) : super.close();
      }
    },
    [
      'closes as often as it is asked to',
      'closes without ever having been used',
      'settles what is under way when it is closed',
    ],
  ],
  [
    'goes on after its end',
    class extends MemorySharedBackend {
      override async close() {}
    },
    ['does nothing more once closed, and says so'],
  ],
  [
    'throws where it should reject',
    class extends MemorySharedBackend {
      #closed = false;
      override read(keys: readonly string[]) {
        if (this.#closed) throw new BackendError(this.kind, 'read', new Error('closed'));
        return super.read(keys);
      }
      override close() {
        this.#closed = true;
        return super.close();
      }
    },
    ['does nothing more once closed, and says so'],
  ],
  [
    'rejects with an error of its own kind',
    class extends MemorySharedBackend {
      override async read(keys: readonly string[]) {
        return super.read(keys).catch(() => Promise.reject(new Error('ClientClosedError')));
      }
    },
    ['does nothing more once closed, and says so'],
  ],
  [
    'forgets what is under way',
    class extends MemorySharedBackend {
      #closed = false;
      override async delete(keys: readonly string[]) {
        await interruption();
        return this.#closed ? new Promise<number>(() => {}) : super.delete(keys);
      }
      override close() {
        this.#closed = true;
        return super.close();
      }
    },
    ['settles what is under way when it is closed'],
  ],
];
