import { afterEach, expect, jest, test } from '@jest/globals';
import { type OwnServer, startServer } from '@recollect/testing/redis';
import { MOST_ADDED_MS, openDecorated } from './support/decorated-scene.js';
import { describeWithServers } from './support/describe-with-servers.js';

jest.setTimeout(30_000);

let server: OwnServer | undefined;
let scene: ReturnType<typeof openDecorated> | undefined;

afterEach(async () => {
  await scene?.close();
  await server?.stop();
});

describeWithServers('a server that was killed', () => {
  test('F5: loads for seconds what it kept: no call waits for it, and all it kept is used afterwards', async () => {
    server = await startServer({ settings: { appendonly: 'yes' } });
    scene = openDecorated(server.url);
    await scene.warm();
    await server.command('EVAL', `for i = 1, 40000 do redis.call('SET', 'ballast:' .. i, 'x') end`, '0');
    const killedAt = performance.now();
    await server.kill();
    const away = await scene.drive(300);
    expect(away).toMatchObject({ failed: 0, wrong: 0 });
    expect(away.slowest).toBeLessThan(MOST_ADDED_MS);

    // Of two records it sleeps before one, more than a second in all, and answers every 30 ms.
    await server.restart({ 'key-load-delay': -2 });
    const loading = await scene.drive(loaded(server));
    expect(loading).toMatchObject({ failed: 0, wrong: 0 });
    expect(loading.slowest).toBeLessThan(MOST_ADDED_MS);
    expect(scene.complaints()).toMatch(/reads are not sent to the store for a while: LOADING/);

    // A breaker asks again after 1, 2, 4 s, … ± 20 %, so late by one and a half of an outage, and lets through step by step.
    const outage = performance.now() - killedAt;
    expect(await scene.recovered()).toBeLessThan(1.5 * outage + 2_000);
    await scene.served();
  });
});

/** Resolves when it has loaded; fails when it was never seen at it. */
async function loaded(server: OwnServer): Promise<void> {
  let seen = 0;
  while (!String(await server.command('INFO', 'persistence')).includes('\nloading:0')) seen += 1;
  expect(seen).toBeGreaterThan(1);
}
