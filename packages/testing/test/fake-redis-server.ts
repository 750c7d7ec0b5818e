import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Takes the options of a redis-server, connects to the test that watches it, and answers the one question of the start.
 * `in-use:n` loses the race for its port the first n times. It also ends with the test, should nothing else end it.
 */
const SCRIPT = `#!${process.execPath}
const net = require('node:net');
const fs = require('node:fs');
const option = (name) => process.argv[process.argv.indexOf('--' + name) + 1];
const { FAKE_STARTS, FAKE_WATCH, FAKE_MODE = 'right' } = process.env;
fs.appendFileSync(FAKE_STARTS, JSON.stringify({ name: process.argv[1], dir: option('dir'), save: option('save') }) + '\\n');
const starts = fs.readFileSync(FAKE_STARTS, 'utf8').trim().split('\\n').length;
const [mode, times] = FAKE_MODE.split(':');
if (mode === 'broken') { console.log('Bad directive'); console.log('Fatal error, cannot start'); process.exit(1); }
if (mode === 'in-use' && starts <= Number(times)) { console.log('bind: Address already in use'); process.exit(1); }
net.connect(Number(FAKE_WATCH), '127.0.0.1').on('error', () => {}).on('close', () => process.exit(9)).resume();
net.createServer((socket) => {
  socket.on('error', () => {});
  socket.on('data', () => socket.write('*2\\r\\n$3\\r\\ndir\\r\\n$1\\r\\n' + option('dir') + '\\r\\n'));
}).listen(Number(option('port')), '127.0.0.1');
`;

export interface FakeRedis {
  /** What the environment of a process must say for it to find the fake servers, and no other. */
  readonly environment: Readonly<Record<string, string>>;
  /** The directory on the PATH, to put more there. */
  readonly bin: string;
  /** The first server that comes up; its socket closes when the server ends, however it ends. */
  readonly connected: Promise<Socket>;
  starts(): Promise<{ readonly name: string; readonly dir: string; readonly save: string }[]>;
  remove(): Promise<void>;
}

/** Installs servers that only pretend, under these names. */
export async function fakeRedis(...names: string[]): Promise<FakeRedis> {
  const home = await mkdtemp(join(tmpdir(), 'recollect-fake-redis-'));
  const bin = join(home, 'bin');
  await mkdir(bin);
  const starts = join(home, 'starts');
  await writeFile(starts, '');
  for (const name of names) {
    await writeFile(join(bin, name), SCRIPT);
    await chmod(join(bin, name), 0o755);
  }
  const sockets: Socket[] = [];
  const watch = createServer((socket) => sockets.push(socket.on('error', () => {}).resume())).listen(
    0,
    '127.0.0.1',
  );
  await once(watch, 'listening');
  const address = watch.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    bin,
    environment: { PATH: bin, FAKE_STARTS: starts, FAKE_WATCH: String(port) },
    connected: once(watch, 'connection').then(([socket]) => socket as Socket),
    starts: async () => {
      const lines = (await readFile(starts, 'utf8')).trim();
      return lines === '' ? [] : lines.split('\n').map((line) => JSON.parse(line));
    },
    remove: async () => {
      watch.close();
      for (const socket of sockets) socket.destroy();
      await rm(home, { recursive: true, force: true });
    },
  };
}
