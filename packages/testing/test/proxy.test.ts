import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startProxy, type TcpProxy } from '@recollect/testing/proxy';

/** A server that repeats what it hears in angle brackets, and remembers what it got. */
class EchoServer {
  readonly got: string[] = [];
  readonly sockets = new Set<Socket>();
  readonly #server: Server = createServer((socket) => {
    this.sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
    socket.on('data', (chunk) => {
      this.got.push(chunk.toString());
      socket.write(`<${chunk.toString()}>`);
    });
  });

  async open(): Promise<{ host: string; port: number }> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    return { host: '127.0.0.1', port: typeof address === 'object' && address !== null ? address.port : 0 };
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.#server.close();
  }
}

/** A client that keeps what it hears. */
async function dial(proxy: TcpProxy) {
  const socket = connect(proxy.port, '127.0.0.1');
  let heard = Buffer.alloc(0);
  const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  socket.on('data', (chunk: Buffer) => {
    heard = Buffer.concat([heard, chunk]);
  });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return { socket, closed, heard: () => heard.toString('latin1'), say: (text: string) => socket.write(text) };
}

async function until(isSo: () => boolean): Promise<void> {
  const giveUp = performance.now() + 3_000;
  while (!isSo()) {
    if (performance.now() > giveUp) throw new Error(`it never came to ${isSo}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

const command = (...words: readonly string[]) =>
  `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;

let server: EchoServer;
let proxy: TcpProxy;
beforeEach(async () => {
  server = new EchoServer();
  proxy = await startProxy(await server.open());
});
afterEach(async () => {
  await proxy.close();
  server.close();
});

test('passes on both ways and counts', async () => {
  expect(proxy.url).toBe(`redis://127.0.0.1:${proxy.port}`);
  const one = await dial(proxy);
  const two = await dial(proxy);
  one.say('a');
  two.say('b');
  await until(() => one.heard() === '<a>' && two.heard() === '<b>');
  expect([proxy.connections, proxy.accepted]).toEqual([2, 2]);
  one.socket.end();
  await until(() => proxy.connections === 1 && server.sockets.size === 1);
  expect(proxy.accepted).toBe(2);
});

test('a delay counts each way and keeps the order; healed, what waits arrives', async () => {
  const client = await dial(proxy);
  proxy.delay(40);
  const since = performance.now();
  client.say('a');
  await until(() => client.heard() === '<a>');
  expect(performance.now() - since).toBeGreaterThanOrEqual(79);
  proxy.delay(2 ** 31 - 1);
  client.say('b');
  await until(() => server.got.length === 1);
  client.say('c');
  proxy.heal();
  await until(() => client.heard().replaceAll(/[<>]/g, '') === 'abc');
  expect(() => proxy.delay(-1)).toThrow(RangeError);
});

describe('a black hole', () => {
  test('up: the server sees nothing until it is healed', async () => {
    const client = await dial(proxy);
    client.say('a');
    await until(() => client.heard() === '<a>');
    proxy.blackhole('up');
    client.say('b');
    client.socket.end();
    await until(() => proxy.connections === 0);
    expect(server.got).toEqual(['a']);
    expect(server.sockets.size).toBe(1);
    proxy.heal();
    await until(() => server.got.join('') === 'ab' && server.sockets.size === 0);
  });

  test('down: the server does it, and the client does not hear of it until it is healed', async () => {
    const client = await dial(proxy);
    proxy.blackhole('down');
    client.say('a');
    await until(() => server.got.length === 1);
    for (const socket of server.sockets) socket.end();
    await until(() => server.sockets.size === 0);
    expect([client.heard(), proxy.connections]).toEqual(['', 1]);
    proxy.heal();
    await client.closed;
    expect(client.heard()).toBe('<a>');
  });

  test('both', async () => {
    proxy.blackhole('both');
    const client = await dial(proxy);
    client.say('a');
    await until(() => server.sockets.size === 1);
    expect([server.got, client.heard()]).toEqual([[], '']);
    proxy.heal();
    await until(() => client.heard() === '<a>');
  });
});

test('a cut ends all there are and none that come', async () => {
  const [one, two] = [await dial(proxy), await dial(proxy)];
  await until(() => server.sockets.size === 2);
  proxy.cut();
  await Promise.all([one.closed, two.closed]);
  await until(() => server.sockets.size === 0 && proxy.connections === 0);
  const three = await dial(proxy);
  three.say('a');
  await until(() => three.heard() === '<a>');
});

describe('a cut at a command', () => {
  const all = command('SET', 'k', 'v') + command('EXEC') + command('GET', 'k');

  test('before: what came before it is done, it is not; the next connection is safe', async () => {
    proxy.cutBefore('EXEC');
    const client = await dial(proxy);
    client.say(all);
    await client.closed;
    expect(server.got.join('')).toBe(command('SET', 'k', 'v'));
    const next = await dial(proxy);
    next.say(command('EXEC'));
    await until(() => next.heard() === `<${command('EXEC')}>`);
  });

  test('after: it is done, and its reply is lost', async () => {
    proxy.cutAfter('EXEC');
    const client = await dial(proxy);
    // In pieces that end within the word, and elsewhere.
    for (let from = 0; from < all.length; from += 5) {
      client.say(all.slice(from, from + 5));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await client.closed;
    expect(server.got.join('')).toBe(command('SET', 'k', 'v') + command('EXEC'));
    expect(client.heard()).not.toMatch(/EXEC/);
  });

  test('leaves the other connections alone', async () => {
    const [one, two] = [await dial(proxy), await dial(proxy)];
    proxy.cutBefore('EXEC');
    one.say(command('EXEC'));
    await one.closed;
    two.say('x');
    await until(() => two.heard() === '<x>');
  });

  test('healed before it came, it does not come', async () => {
    proxy.cutBefore('EXEC');
    proxy.heal();
    const client = await dial(proxy);
    client.say(command('EXEC'));
    await until(() => client.heard() !== '');
  });
});

describe('flipped bytes', () => {
  test('by offset: that one, once, counted from now', async () => {
    const client = await dial(proxy);
    client.say('abc');
    await until(() => client.heard().length === 5);
    proxy.flip(6);
    client.say('abc');
    await until(() => client.heard().length === 10);
    client.say('abc');
    await until(() => client.heard().length === 15);
    expect(client.heard()).toBe('<abc><abc><`bc>');
    expect(server.got).toEqual(['abc', 'abc', 'abc']);
  });

  test('by seed: one bit of each piece, the same ones for the same seed', async () => {
    const damage = async (seed: number) => {
      proxy.flip({ seed });
      const client = await dial(proxy);
      const pieces: string[] = [];
      for (let index = 0; index < 20; index += 1) {
        client.say('abcdefgh');
        await until(() => client.heard().length === 10 * (index + 1));
        pieces.push(client.heard().slice(-10));
      }
      client.socket.destroy();
      return pieces;
    };
    const bits = (piece: string) =>
      [...'<abcdefgh>'].reduce(
        (sum, letter, at) =>
          sum + (letter.charCodeAt(0) ^ piece.charCodeAt(at)).toString(2).replaceAll('0', '').length,
        0,
      );
    const first = await damage(7);
    expect(first.map(bits)).toEqual(first.map(() => 1));
    expect(new Set(first).size).toBeGreaterThan(10);
    expect(await damage(7)).toEqual(first);
    expect(await damage(8)).not.toEqual(first);
    proxy.heal();
    const client = await dial(proxy);
    client.say('a');
    await until(() => client.heard() === '<a>');
  });
});

test('redirected, the next connection gets to the other server', async () => {
  const other = new EchoServer();
  const client = await dial(proxy);
  proxy.redirect(await other.open());
  const next = await dial(proxy);
  next.say('b');
  client.say('a');
  await until(() => next.heard() === '<b>' && client.heard() === '<a>');
  expect([server.got, other.got]).toEqual([['a'], ['b']]);
  other.close();
});

test('a server that is not there ends the connection; a closed proxy takes none', async () => {
  server.close();
  const client = await dial(proxy);
  await client.closed;
  const { port } = proxy;
  await Promise.all([proxy.close(), proxy.close()]);
  const [error] = await once(connect(port, '127.0.0.1'), 'error');
  expect(error).toMatchObject({ code: 'ECONNREFUSED' });
});
