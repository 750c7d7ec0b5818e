import { afterEach, expect, jest, test } from '@jest/globals';
import { type OwnServer, startServer } from '@recollect/testing/redis';
import { MOST_ADDED_MS, openDecorated } from './support/decorated-scene.js';
import { describeWithServers } from './support/describe-with-servers.js';
import { eventually } from './support/operations.js';

jest.setTimeout(60_000);

const FINE = { failed: 0, wrong: 0 };
const servers: OwnServer[] = [];
let scene: ReturnType<typeof openDecorated> | undefined;
const start = async () => {
  const server = await startServer({ settings: { 'repl-diskless-sync-delay': 0 } });
  servers.push(server);
  return server;
};
const follow = (server: OwnServer, master?: OwnServer) =>
  server.command('REPLICAOF', ...(master === undefined ? ['NO', 'ONE'] : ['127.0.0.1', String(master.port)]));

afterEach(async () => {
  await scene?.close();
  for (const server of servers.splice(0)) await server.stop();
});

describeWithServers('a server that became a replica', () => {
  test.each([
    ['whose master took its place', true],
    ['whose master is away', false],
  ])(
    'F13: %s serves every hit and is sent no writes; as a master it takes them again',
    async (_, isThere) => {
      const [server, other] = [await start(), await start()];
      scene = openDecorated(server.url);
      await scene.warm();
      if (isThere) {
        await follow(other, server);
        await eventually(async () =>
          expect(String(await other.command('INFO', 'replication'))).toContain('master_link_status:up'),
        );
        await follow(other);
      } else await other.kill();
      await follow(server, other);

      await scene.served();
      const news = await scene.drive(500, (at) => 1_000 + (at % 20));
      expect(news).toMatchObject(FINE);
      // Some may have joined the load of another.
      expect(news.loads).toBeGreaterThan(news.calls / 2);
      expect(news.slowest).toBeLessThan(MOST_ADDED_MS);
      expect(scene.complaints()).toContain('READONLY');
      // Nothing but writes: no read that succeeds in between hides that theirs is no fault of reads.
      for (let attempt = 0; attempt < 10; attempt += 1)
        expect(await scene.find.invalidate(1)).toEqual({ local: 'none', shared: 'failed' });
      const reasons = scene.cache.health().reasons.join();
      expect(reasons).toMatch(/writes/);
      expect(reasons).not.toMatch(/reads/);
      await scene.served();

      await follow(server);
      const since = performance.now();
      expect(await scene.drive(scene.recovered())).toMatchObject(FINE);
      expect(performance.now() - since).toBeLessThan(5_000);
      expect(await scene.find.invalidate(1)).toEqual({ local: 'none', shared: 'done' });
      expect((await scene.drive(200)).loads).toBeGreaterThan(0);
      await scene.served();
    },
  );
});
