import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { testRedisUrl } from '@recollect/testing/redis';
import { type Ended, runChild } from './support/child.js';
import { Listener } from './support/listener.js';
import { eventually } from './support/operations.js';
import { blob, ScriptedRedis } from './support/scripted-redis.js';

jest.setTimeout(15_000);

/** Nothing is listening at its address but while a test opens it. */
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

describe('a process ends by itself', () => {
  test('when the cache was only made', async () => {
    fine(await runChild(`new RedisCache({ url }, context); say('made');`, testRedisUrl()), ['made']);
  });

  test('when it was used and closed', async () => {
    const body = `
      const cache = new RedisCache({ url }, context);
      await cache.write([record('closed')]);
      say('read ' + (await cache.read([record('closed').key]))[0].data.length);
      await cache.close();
      say('closed');`;
    fine(await runChild(body, testRedisUrl()), ['read 2000', 'closed']);
  });

  test('when it was used and never closed', async () => {
    const body = `
      const cache = new RedisCache({ url }, context);
      await cache.write([record('open')]);
      await cache.read([record('open').key]);
      say('used');`;
    fine(await runChild(body, testRedisUrl()), ['used']);
  });

  test.each(['await cache.close();', ''])('when the server is down: %p', async (close) => {
    await silent.close();
    const body = `
      const cache = new RedisCache({ url }, context);
      const failed = await cache.read(['k']).catch((error) => error.code);
      ${close}
      say(failed);`;
    fine(await runChild(body, silent.url), ['ERR_BACKEND']);
  });

  test.each([
    ['plain', '{ url, connectTimeoutMs: 60_000, closeTimeoutMs: 50 }'],
    ['TLS', '{ url, tls: true, connectTimeoutMs: 60_000, closeTimeoutMs: 50 }'],
  ])('when it was closed while it hung in connecting: %s', async (_, options) => {
    const body = `
      const cache = new RedisCache(${options}, context);
      const failed = cache.read(['k']).catch((error) => error.message);
      await cache.close();
      say(await failed);`;
    fine(await runChild(body, silent.url), [
      'RedisCache failed to read: it was closed before the reply came',
    ]);
  });

  test('when the connection was lost while nobody used it', async () => {
    const server = await ScriptedRedis.open(([name]) => (name === 'PTTL' ? ':5\r\n' : `*1\r\n${blob('x')}`));
    const body = `
      const cache = new RedisCache({ url }, { clock, report: ({ error }) => { say(error.operation); clearInterval(waiting); } });
      await cache.read(['k']);
      const waiting = setInterval(() => {}, 1_000);
      say('idle');`;
    const running = runChild(body, server.url);
    await eventually(async () => expect(server.commands.length).toBe(2));
    await server.close();
    fine(await running, ['idle', 'connect']);
  });
});

test('a process does not end while somebody waits for a reply', async () => {
  const server = await ScriptedRedis.open(([name, key]) => {
    if (key === 'late') return undefined;
    return name === 'PTTL' ? ':5\r\n' : `*1\r\n${blob('soon')}`;
  });
  const body = `
    const cache = new RedisCache({ url, deadlineMs: 5_000 }, context);
    await cache.read(['soon']);
    const [late] = await cache.read(['late']);
    say(Buffer.from(late.data).toString());`;
  const running = runChild(body, server.url);
  await eventually(async () => expect(server.commands.length).toBe(4));
  // Long enough for a process to end that has nothing to stay for.
  await new Promise((resolve) => setTimeout(resolve, 200));
  server.say(`:5\r\n*1\r\n${blob('at last')}`);
  fine(await running, ['at last']);
  await server.close();
});

test('nobody has to look at what a cache that never throws could not do', async () => {
  await silent.close();
  const body = `
    const cache = new RedisCacheNoExceptions({ url }, context);
    void cache.read(['k']);
    void cache.write([record('k')]);
    void cache.add(record('k'));
    void cache.clear('k');
    await cache.close();
    void cache.delete(['k']);
    say('done');`;
  fine(await runChild(body, silent.url), ['done']);
});

test('a server that is down fills no memory: 20,000 operations fail at once and leave nothing behind', async () => {
  await silent.close();
  const body = `
    const cache = new RedisCache({ url }, context);
    await cache.read(['k']).catch(() => {});
    const storm = async () => {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20_000 }, (_, index) => cache.write([record(index)])));
      return outcomes.filter(({ status }) => status === 'rejected').length;
    };
    // The memory of buffers is given back in a turn of its own after their collection.
    const collected = async () => {
      gc();
      await new Promise(setImmediate);
      gc();
      return process.memoryUsage();
    };
    await storm();
    const before = await collected();
    const since = performance.now();
    const rejected = await storm();
    const tookMs = performance.now() - since;
    const after = await collected();
    const grown = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
    say(rejected + ' rejected');
    say(tookMs < 5_000 ? 'fast' : 'slow: ' + tookMs);
    say(grown < 2_000_000 ? 'lean' : 'grown: ' + grown);`;
  fine(await runChild(body, silent.url), ['20000 rejected', 'fast', 'lean']);
});
