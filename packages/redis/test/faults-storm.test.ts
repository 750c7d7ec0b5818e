import { afterEach, expect, jest, test } from '@jest/globals';
import { type OwnServer, startServer } from '@recollect/testing/redis';
import { densest } from './support/densest.js';
import { describeWithServers } from './support/describe-with-servers.js';
import { Fleet } from './support/fleet.js';

jest.setTimeout(60_000);

const CLIENTS = 200;
let server: OwnServer | undefined;
let fleet: Fleet | undefined;

afterEach(async () => {
  await fleet?.close();
  await server?.stop();
});

describeWithServers('a server that comes back', () => {
  test('F30: after three seconds is not stormed by those who lost it', async () => {
    server = await startServer();
    fleet = new Fleet(server.url, CLIENTS);
    await fleet.connect();
    await fleet.lose(() => (server as OwnServer).kill());
    await fleet.pass(3_000);
    const { length } = fleet.dials;
    await server.restart();
    await fleet.pass(2_500);
    const dials = fleet.dials.slice(length);
    // About 10 on average, as each comes at some moment of up to two seconds; by chance up to 20.
    expect(fleet.connected).toBe(CLIENTS);
    expect(dials).toHaveLength(CLIENTS);
    expect(densest(dials, 50)).toBeLessThanOrEqual(30);
  });
});
