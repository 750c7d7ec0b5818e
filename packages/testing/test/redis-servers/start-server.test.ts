import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, expect, jest, test } from '@jest/globals';
import { makeCertificates, type OwnServer, type ServerOptions, startServer } from '@recollect/testing/redis';
import { describeWithServers } from './support/describe-with-servers.js';
import { leftOf, processesOf } from './support/processes.js';

jest.setTimeout(30_000);

const running: OwnServer[] = [];
const start = async (options?: ServerOptions) => {
  const server = await startServer(options);
  running.push(server);
  return server;
};
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

describeWithServers('a server of our own', () => {
  test('answers at its port, is the process it says it is, and leaves nothing behind', async () => {
    const server = await start();
    expect(server.url).toBe(`redis://127.0.0.1:${server.port}`);
    expect(await server.command('PING')).toBe('PONG');
    expect(await processesOf(`127.0.0.1:${server.port}`)).toEqual([
      expect.stringMatching(new RegExp(`^ *${server.pid} `)),
    ]);
    expect(server.isRunning).toBe(true);
    const home = dirname(server.directory);
    await server.stop();
    expect(await leftOf(home)).toEqual([]);
    expect(existsSync(home)).toBe(false);
    expect(server.isRunning).toBe(false);
    await server.stop();
  });

  test('has the settings it was given, and obeys its administrator whatever users it has', async () => {
    const server = await start({
      settings: {
        requirepass: 'secret',
        maxmemory: '8mb',
        'client-output-buffer-limit': 'pubsub 1mb 1mb 60',
      },
    });
    expect(await server.command('CONFIG', 'GET', 'maxmemory')).toEqual(['maxmemory', '8388608']);
    expect(String(await server.command('CONFIG', 'GET', 'client-output-buffer-limit'))).toContain(
      'pubsub 1048576 1048576 60',
    );
    await server.command('ACL', 'SETUSER', 'default', 'off');
    expect(await server.command('SET', 'k', 'v')).toBe('OK');
    await expect(server.command('LPUSH', 'k', 'v')).rejects.toThrow('LPUSH: WRONGTYPE');
  });

  test('is frozen and goes on', async () => {
    const server = await start();
    server.freeze();
    const asked = server.command('PING');
    const soon = new Promise((resolve) => setTimeout(resolve, 100, 'nothing'));
    expect(await Promise.race([asked, soon])).toBe('nothing');
    server.thaw();
    expect(await asked).toBe('PONG');
  });

  test('is killed, frozen or not, and restarted where it was with what it kept', async () => {
    const server = await start({ settings: { appendonly: 'yes', appendfsync: 'always' } });
    await server.command('SET', 'k', 'v');
    const { pid, port, directory } = server;
    server.freeze();
    await server.kill();
    expect(server.isRunning).toBe(false);
    await expect(server.command('PING')).rejects.toThrow('ECONNREFUSED');
    expect(() => server.freeze()).toThrow(`SIGSTOP: the server at port ${port} does not run`);
    await server.restart({ maxmemory: '9mb' });
    expect(server).toMatchObject({ port, directory, isRunning: true });
    expect(server.pid).not.toBe(pid);
    expect(await server.command('GET', 'k')).toBe('v');
    expect(await server.command('CONFIG', 'GET', 'maxmemory')).toEqual(['maxmemory', '9437184']);
  });

  test('that dies by itself can be restarted; one that runs is replaced', async () => {
    const server = await start();
    await server.command('SHUTDOWN', 'NOSAVE').catch(() => undefined);
    await server.restart();
    const { pid } = server;
    await server.restart();
    expect(server.pid).not.toBe(pid);
    expect(await leftOf(` ${pid} `)).toEqual([]);
  });

  test('answers while it is loading', async () => {
    const server = await start({ settings: { appendonly: 'yes' } });
    const fill = `for i = 1, 8000 do redis.call('SET', 'k:' .. i, 'v') end`;
    await server.command('EVAL', fill, '0');
    await server.restart({ 'key-load-delay': 100 });
    await expect(server.command('GET', 'k:1')).rejects.toThrow('LOADING');
  });

  test('takes the port it is told, or says that it is taken', async () => {
    const first = await start();
    await expect(startServer({ port: first.port })).rejects.toThrow(/did not start at port \d+: .*in use/i);
    const { port } = first;
    await first.stop();
    expect((await start({ port })).port).toBe(port);
  });

  test('that cannot start says its last words and leaves nothing', async () => {
    const settings = { 'no-such-setting': 'yes' };
    await expect(startServer({ settings })).rejects.toThrow(/did not start at port \d+: .*no-such-setting/);
  });

  test.each([
    [{ port: 1 }, "settings: 'port' is not to be set; these are taken: port, bind, dir"],
    [{ maxmemory: '1mb\nport 1' }, "settings: 'maxmemory' has a line break in it"],
  ])('refuses the settings %p', async (settings, message) => {
    await expect(startServer({ settings })).rejects.toThrow(message);
  });

  test('serves TLS with a certificate that the authority made with it vouches for', async () => {
    const certificates = await makeCertificates();
    const server = await start({ tls: certificates });
    const port = Number(new URL(server.tlsUrl ?? '').port);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect({ host: 'localhost', port, ca: certificates.ca }, () =>
        socket.write('PING\r\n'),
      );
      socket.once('data', (data) => resolve(socket.destroy() && String(data))).once('error', reject);
    });
    expect(answer).toBe('+PONG\r\n');
    const stranger = await makeCertificates();
    const refused = new Promise((resolve, reject) => {
      connect({ host: 'localhost', port, ca: stranger.ca }, () => resolve('accepted')).once('error', reject);
    });
    await expect(refused).rejects.toThrow(/unable to verify|self.signed|signature/i);
    const home = dirname(certificates.caFile);
    for (const each of [certificates, stranger]) await each.remove();
    expect(existsSync(home)).toBe(false);
    expect(await leftOf(home)).toEqual([]);
  });
});
