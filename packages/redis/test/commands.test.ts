import { describe, expect, test } from '@jest/globals';
import { openScripted } from './support/open-cache.js';
import { bytes, collect, rejection } from './support/operations.js';
import { blob, NOTHING } from './support/scripted-redis.js';

describe('a server before 7.0', () => {
  const syntaxError = '-ERR syntax error\r\n';

  test('adds by SET NX and GET, and is not asked for more again', async () => {
    const store = new Map<string, string>();
    const { cache, server } = await openScripted(([name, key = '', value = '', ...flags]) => {
      if (name === 'GET') return store.has(key) ? blob(store.get(key) as string) : NOTHING;
      if (flags.includes('GET')) return syntaxError;
      if (store.has(key)) return NOTHING;
      store.set(key, value);
      return '+OK\r\n';
    });
    const add = (data: string) => cache.add({ key: 'k', data: bytes(data), ttlMs: 60_000 });
    expect(await add('first')).toEqual(bytes('first'));
    expect(Buffer.from(await add('second')).toString()).toBe('first');
    expect(
      server.commands.filter((command) => command.includes('NX') && command.includes('GET')),
    ).toHaveLength(1);
  });

  test('tries again when the record in the way expires between the two, though not for ever', async () => {
    let gone = 3;
    const { cache } = await openScripted(([name, , , ...flags]) => {
      if (flags.includes('GET')) return syntaxError;
      if (name === 'SET') return NOTHING;
      gone -= 1;
      return gone < 0 ? blob('there at last') : NOTHING;
    });
    const add = () => cache.add({ key: 'k', data: bytes('mine'), ttlMs: 60_000 });
    expect(Buffer.from(await add()).toString()).toBe('there at last');
    gone = Number.POSITIVE_INFINITY;
    expect(String(await rejection(add()))).toMatch(/expired 16 times/);
  });
});

test('read asks for everything before it waits for anything', async () => {
  let asked = 0;
  const { cache } = await openScripted(() => {
    asked += 1;
    return asked === 4 ? `:60000\r\n:-1\r\n:-2\r\n*3\r\n${blob('a')}${blob('b')}${NOTHING}` : undefined;
  });
  const records = await cache.read(['a', 'b', 'c']);
  expect(records).toEqual([
    { data: bytes('a'), ttlMs: 60_000 },
    { data: bytes('b'), ttlMs: Number.POSITIVE_INFINITY },
    undefined,
  ]);
});

test('scan gives a key once that the server, moving its table meanwhile, gives twice', async () => {
  const pages: Record<string, string> = {
    '0': `*2\r\n${blob('7')}*2\r\n${blob('p:a')}${blob('p:b')}`,
    '7': `*2\r\n${blob('9')}*0\r\n`,
    '9': `*2\r\n${blob('0')}*3\r\n${blob('p:b')}${blob('p:c')}${blob('p:c')}`,
  };
  const { cache } = await openScripted(([, cursor = '']) => pages[cursor]);
  expect(await collect(cache.scan('p:'))).toEqual(['p:a', 'p:b', 'p:c']);
});

test.each([
  ['no life left', ':-2\r\n', blob('x')],
  ['no data left', ':5\r\n', NOTHING],
  ['the last moment', ':0\r\n', blob('x')],
])('a key that vanishes between the two commands is missing: %s', async (_, life, data) => {
  const { cache } = await openScripted(([name]) => (name === 'PTTL' ? life : `*1\r\n${data}`));
  expect(await cache.read(['k'])).toEqual([undefined]);
});
