import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { answersFor } from '../src/redis/answers-for.js';
import { freePort } from '../src/redis/free-port.js';

async function asked(answer: (socket: Socket) => void): Promise<boolean> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => answer(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const right = await answersFor((server.address() as { port: number }).port, '/ours');
  server.close();
  return right;
}

test.each([
  ['our directory', true, '*2\r\n$3\r\ndir\r\n$5\r\n/ours\r\n'],
  ['the directory of another server', false, '*2\r\n$3\r\ndir\r\n$7\r\n/theirs\r\n'],
  ['a directory beneath ours', false, '*2\r\n$3\r\ndir\r\n$8\r\n/ours/no\r\n'],
  ['an error', false, '-NOAUTH Authentication required.\r\n'],
  ['nothing', false, ''],
])('a server that answers with %s is ours: %p', async (_, ours, reply) => {
  expect(await asked((socket) => socket.end(reply))).toBe(ours);
});

test('an answer may come in pieces', async () => {
  expect(
    await asked((socket) => {
      socket.write('*2\r\n$3\r\ndir\r\n$5\r\n/ou', () => setImmediate(() => socket.write('rs\r\n')));
    }),
  ).toBe(true);
});

test('where nobody listens nobody answers', async () => {
  expect(await answersFor(await freePort(), '/ours')).toBe(false);
});
