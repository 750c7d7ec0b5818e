import assert from 'node:assert/strict';
import type { SharedBackend } from 'recollect';
import { bytes, collect, isBackendError, LONG, put, type SharedTest, settles } from './shared-subject.js';

/**
 * Every operation, with what a backend answers that never rejects and cannot do it. They are called bare: one that throws
 * where it should reject is not covered up.
 */
function operations(
  backend: SharedBackend,
  key: string,
): readonly (readonly [string, () => Promise<unknown>, unknown])[] {
  const record = { key, data: bytes('late'), ttlMs: LONG };
  return [
    ['read', () => backend.read([key, key]).then((records) => [...records]), [undefined, undefined]],
    ['write', () => backend.write([record]), false],
    ['fill', () => backend.fill(record, undefined), undefined],
    ['fill over something', () => backend.fill(record, record.data), undefined],
    ['add', () => backend.add(record).then((data) => [...data]), [...record.data]],
    ['delete', () => backend.delete([key]), undefined],
    ['deleteIfEqual', () => backend.deleteIfEqual(key, record.data), false],
    ['scan', () => collect(backend.scan(key)), []],
    ['clear', () => backend.clear(key), undefined],
  ];
}

/** The end of a backend. */
export const closingTests = {
  'closes as often as it is asked to': async (subject) => {
    const { backend } = subject;
    await put(subject, 'k', 'x');
    await settles(subject, Promise.all([backend.close(), backend.close()]), 'close()');
    await settles(subject, backend.close(), 'a later close()');
  },

  'closes without ever having been used': async (subject) => {
    await settles(subject, subject.backend.close(), 'close()');
  },

  'does nothing more once closed, and says so': async (subject) => {
    const { backend, at, neverRejects } = subject;
    await put(subject, 'k', 'x');
    await backend.close();
    for (const [name, run, empty] of operations(backend, at('k'))) {
      const running = settles(subject, run(), `${name} after close()`);
      if (neverRejects) assert.deepEqual(await running, empty, `${name} after close()`);
      else
        await assert.rejects(
          running,
          isBackendError,
          `${name} after close() should reject with a BackendError`,
        );
    }
  },

  'settles what is under way when it is closed': async (subject) => {
    const { backend, at, neverRejects } = subject;
    const running = operations(backend, at('k')).map(([, run]) => run());
    const settled = await settles(
      subject,
      Promise.allSettled([backend.close(), ...running]),
      'an operation overtaken by close()',
    );
    for (const [index, outcome] of settled.entries()) {
      if (outcome.status === 'fulfilled') continue;
      assert.ok(index > 0, 'close() should never reject');
      assert.ok(!neverRejects && isBackendError(outcome.reason), `rejected with ${String(outcome.reason)}`);
    }
  },
} satisfies Record<string, SharedTest>;
