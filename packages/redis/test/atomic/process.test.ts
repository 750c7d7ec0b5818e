import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { testRedisUrl, uniquePrefix } from '@recollect/testing/redis';
import { type Ended, runChild } from '../support/child.js';
import { Listener } from '../support/listener.js';
import { MECHANISMS } from './support/store.js';

jest.setTimeout(15_000);

/** It accepts connections and says nothing, until a test closes it. */
let silent: Listener;
beforeEach(async () => {
  silent = new Listener(() => undefined);
  await silent.open();
});
afterEach(() => silent.close());

const fine = (ended: Ended, lines: readonly string[]) => {
  expect(ended.stderr).toBe('');
  expect(ended.lines).toEqual(lines);
  expect(ended.code).toBe(0);
  expect(ended.lingeredMs).toBeLessThan(1_000);
};

const SETUP = (options: string) => `
  const prefix = ${JSON.stringify(uniquePrefix('atomic-child'))};
  const cache = new RedisCache({ url, ${options} }, context);
  const { atomic } = cache;
  const request = (key, mode = 'at_least_once') => ({
    key: prefix + key, mode, token: key.padEnd(32, '0'), epoch: 'e', leaseMs: 1_000, retentionMs: 1_000,
    ignore: undefined, supersede: undefined, numbered: true,
  });`;

describe.each(MECHANISMS)('by %s, a process ends by itself', (mechanism) => {
  const use = () => `${SETUP(`mechanism: '${mechanism}', deadlineMs: 2_000`)}
    for (const mode of ['at_least_once', 'at_most_once']) {
      const { lease } = await atomic.claim(request(mode, mode));
      say(await atomic.commit(lease, { key: lease.key, data: new Uint8Array(9), ttlMs: 1_000 }));
    }`;

  test.each([
    ['closed', 'await cache.close();'],
    ['closed in part', 'await atomic.close();'],
    ['never closed', ''],
  ])('when leases were used and %s', async (_, close) => {
    fine(await runChild(`${use()}${close}say('done');`, testRedisUrl()), ['stored', 'stored', 'done']);
  });

  test('when the server is down', async () => {
    await silent.close();
    for (const close of ['await cache.close();', '']) {
      const body = `${SETUP(`mechanism: '${mechanism}'`)}
        const stop = atomic.listen(prefix + 'k', () => {});
        const failed = await atomic.claim(request('k')).catch((error) => error.code);
        stop();
        ${close}
        say(failed);`;
      fine(await runChild(body, silent.url), ['ERR_BACKEND']);
    }
  });

  test('when it is closed while the server says nothing', async () => {
    const body = `${SETUP(`mechanism: '${mechanism}', connectTimeoutMs: 60_000, closeTimeoutMs: 50`)}
      atomic.listen(prefix + 'k', () => {});
      const failed = atomic.claim(request('k', 'at_most_once')).catch((error) => error.code);
      await cache.close();
      say(await failed);`;
    fine(await runChild(body, silent.url), ['ERR_BACKEND']);
  });

  test('when nobody has to look at what became of an operation', async () => {
    await silent.close();
    const body = `${SETUP(`mechanism: '${mechanism}'`)}
      const pending = [atomic.claim(request('k')), atomic.invalidate([prefix + 'a', prefix + 'b'])];
      await Promise.allSettled(pending);
      await cache.close();
      say('done');`;
    fine(await runChild(body, silent.url), ['done']);
  });
});

describe('a process that listens', () => {
  const listen = () => `${SETUP('deadlineMs: 2_000')}
    let stop;
    await new Promise((resolve) => { stop = atomic.listen(prefix + 'k', resolve); });
    say('heard');`;

  test('ends when it has stopped to, closed or not', async () => {
    fine(await runChild(`${listen()} stop();`, testRedisUrl()), ['heard']);
    fine(await runChild(`${listen()} stop(); await cache.close();`, testRedisUrl()), ['heard']);
    fine(await runChild(`${listen()} await cache.close();`, testRedisUrl()), ['heard']);
  });

  test('does not end as long as it does', async () => {
    const body = `${listen()}
      setTimeout(() => { say('still here'); stop(); }, 200).unref();`;
    fine(await runChild(body, testRedisUrl()), ['heard', 'still here']);
  });
});
