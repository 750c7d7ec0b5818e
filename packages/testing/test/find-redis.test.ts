import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { findRedis } from '@recollect/testing/redis';
import { type FakeRedis, fakeRedis } from './fake-redis-server.js';

const environment = { ...process.env };
let fake: FakeRedis | undefined;
let child: ChildProcess | undefined;
let server: Server | undefined;
let said: string[];

const install = async (mode: string, ...names: string[]) => {
  fake = await fakeRedis(...names);
  Object.assign(process.env, fake.environment, { FAKE_MODE: mode, TEST_REDIS_FROM: 'path' });
  return fake;
};

/** A process of its own that has found a Redis and then does as told. It runs what is built. */
function program(then: string): ChildProcess {
  const built = JSON.stringify(fileURLToPath(new URL('../dist/redis.js', import.meta.url)));
  const source = `const { findRedis } = await import(${built}); const redis = await findRedis(); ${then}`;
  child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    env: process.env,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  return child;
}

beforeEach(() => {
  for (const name of ['TEST_REDIS_URL', 'TEST_REDIS_FROM']) delete process.env[name];
  said = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
});

afterEach(async () => {
  child?.kill('SIGKILL');
  server?.close();
  jest.restoreAllMocks();
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, environment);
  await fake?.remove();
  fake = undefined;
});

describe('a Redis on the PATH', () => {
  test('is started on the loopback, keeps nothing, and ends with everything it had when stopped', async () => {
    const { connected, starts } = await install('right', 'redis-server');
    const redis = await findRedis();
    expect(redis.source).toBe('path');
    expect(redis.url).toMatch(/^redis:\/\/127\.0\.0\.1:\d+$/);
    expect(said).toEqual([
      expect.stringMatching(new RegExp(`^Redis for tests: ${redis.url} by path, \\d+ ms\n$`)),
    ]);
    const { dir, save } = (await starts())[0] ?? { dir: '', save: '?' };
    expect(save).toBe('');
    expect(existsSync(dir)).toBe(true);
    const gone = once(await connected, 'close');
    await redis.stop();
    await gone;
    expect(existsSync(dir)).toBe(false);
    await redis.stop();
  });

  test('may be a Valkey', async () => {
    const { bin, starts } = await install('right', 'valkey-server');
    const redis = await findRedis();
    await redis.stop();
    expect((await starts()).map(({ name }) => name)).toEqual([`${bin}/valkey-server`]);
  });

  test('is started again on another port when it lost the race for the first', async () => {
    const { starts } = await install('in-use:2', 'redis-server');
    const redis = await findRedis();
    expect(await starts()).toHaveLength(3);
    await redis.stop();
  });

  test('is given up after three ports, with what it said', async () => {
    const { starts } = await install('in-use:9', 'redis-server');
    await expect(findRedis()).rejects.toThrow(
      /path: .*redis-server did not start: bind: Address already in use/,
    );
    const started = await starts();
    expect(started).toHaveLength(3);
    expect(started.filter(({ dir }) => existsSync(dir))).toEqual([]);
  });

  test('that cannot start is tried once, and its last words are told', async () => {
    const { starts } = await install('broken', 'redis-server');
    await expect(findRedis()).rejects.toThrow('did not start: Bad directive | Fatal error, cannot start');
    expect(await starts()).toHaveLength(1);
  });

  test.each([
    ['SIGKILL', "process.kill(process.pid, 'SIGKILL')"],
    ['exit', 'process.exit(3)'],
  ])('ends when the process that started it ends by %s', async (_, end) => {
    const { connected, starts } = await install('right', 'redis-server');
    const child = program(`process.stdin.once('data', () => ${end});`);
    const gone = once(await connected, 'close');
    child.stdin?.write('end\n');
    await gone;
    expect((await starts()).map(({ dir }) => existsSync(dir))).toEqual([false]);
  });

  test('does not keep a program alive that has forgotten it', async () => {
    const { connected } = await install('right', 'redis-server');
    expect(await once(program(''), 'exit')).toEqual([0, null]);
    const server = await connected;
    if (!server.closed) await once(server, 'close');
  });

  test('keeps a program alive that waits for its end', async () => {
    await install('right', 'redis-server');
    expect(await once(program('await redis.stop(); process.exitCode = 7;'), 'exit')).toEqual([7, null]);
  });
});

describe('a Redis by its address', () => {
  const listen = async () => {
    server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as { port: number }).port;
  };

  test('is taken as it is, and its password is not told', async () => {
    const port = await listen();
    const url = `redis://me:secret@127.0.0.1:${port}/3`;
    process.env.TEST_REDIS_URL = url;
    const redis = await findRedis();
    expect(redis).toMatchObject({ url, source: 'TEST_REDIS_URL' });
    expect(said.join('')).toContain(`redis://me:***@127.0.0.1:${port}/3 by TEST_REDIS_URL`);
    await redis.stop();
  });

  test('that does not answer is an error, even where another could be had', async () => {
    const { starts } = await install('right', 'redis-server');
    delete process.env.TEST_REDIS_FROM;
    const port = await listen();
    await new Promise((closed) => server?.close(closed));
    process.env.TEST_REDIS_URL = `redis://127.0.0.1:${port}`;
    await expect(findRedis()).rejects.toThrow(
      `TEST_REDIS_URL: nothing answers at 127.0.0.1:${port} (ECONNREFUSED)`,
    );
    expect(await starts()).toEqual([]);
  });

  test.each(['localhost:6379', 'http://localhost', 'nonsense'])('%p is told from an address', async (url) => {
    process.env.TEST_REDIS_URL = url;
    await expect(findRedis()).rejects.toThrow('is no address of a Redis; it accepts redis://host:port');
  });
});

describe('where there is no Redis', () => {
  test('the error says what was tried, why it failed, and what would do', async () => {
    await install('right');
    const failing = findRedis();
    await expect(failing).rejects.toThrow(
      'Tried:\n  path: neither redis-server nor valkey-server is on the PATH\n',
    );
    for (const way of ['TEST_REDIS_URL=redis://', 'on the PATH', 'Docker engine', 'Debian']) {
      await expect(failing).rejects.toThrow(way);
    }
    expect(said).toEqual([]);
  });

  test('one that is not to be had by the way that is forced is not sought by another', async () => {
    process.env.TEST_REDIS_FROM = 'url';
    await expect(findRedis()).rejects.toThrow('Tried:\n  TEST_REDIS_URL: not set\nAny one');
  });

  test('a way that does not exist is named with those that do', async () => {
    process.env.TEST_REDIS_FROM = 'podman';
    await expect(findRedis()).rejects.toThrow(
      "TEST_REDIS_FROM is 'podman'; it accepts url, path, docker, debian",
    );
  });
});
