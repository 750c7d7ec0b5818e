import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, jest, test } from '@jest/globals';
import { describeWithServers } from './support/describe-with-servers.js';
import { leftOf, processesOf } from './support/processes.js';

jest.setTimeout(60_000);

let child: ChildProcess | undefined;
afterEach(() => void child?.kill('SIGKILL'));

/** Starts one of each, a frozen and a busy server among them, says where they live, and waits. It runs what is built. */
const PROGRAM = `
const { startServer, startCluster, startSentinels, makeCertificates } = await import(process.argv[1]);
const certificates = await makeCertificates();
const kept = await startServer({ tls: certificates, settings: { appendonly: 'yes' } });
const busy = setInterval(() => kept.command('SET', String(Math.random()), 'v'.repeat(1000)), 1);
const frozen = await startServer();
frozen.freeze();
const dead = await startServer();
await dead.kill();
const cluster = await startCluster({ masters: 3, replicasPerMaster: 0 });
const sentinels = await startSentinels({ sentinels: 1 });
const servers = [kept, frozen, dead, ...cluster.nodes, ...sentinels.servers, ...sentinels.sentinelServers];
console.log(JSON.stringify([certificates.caFile, ...servers.map(({ directory }) => directory)]));
`;

async function program(then: string): Promise<string[]> {
  const built = fileURLToPath(new URL('../../dist/redis.js', import.meta.url));
  child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM + then, built], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout as NodeJS.ReadableStream);
  const [line] = await once(lines, 'line');
  return (JSON.parse(String(line)) as string[]).map((path) => path.slice(0, path.lastIndexOf('/')));
}

describeWithServers('a test process', () => {
  test('that is killed takes with it all servers and directories it had', async () => {
    const homes = await program('');
    for (const home of homes) expect(await processesOf(home)).not.toEqual([]);
    child?.kill('SIGKILL');
    for (const home of homes) {
      expect(await leftOf(home)).toEqual([]);
      expect(existsSync(home)).toBe(false);
    }
  });

  test('is not kept alive by what it has forgotten', async () => {
    const homes = await program('clearInterval(busy);');
    if (child?.exitCode === null) await once(child, 'exit');
    expect(child?.exitCode).toBe(0);
    for (const home of homes) {
      expect(await leftOf(home)).toEqual([]);
      expect(existsSync(home)).toBe(false);
    }
  });
});
