import { startProxy } from '@recollect/testing/proxy';
import { startServer } from '@recollect/testing/redis';
import type { Servers } from './servers.js';

export async function standaloneServers(): Promise<Servers> {
  const server = await startServer();
  return {
    openRoads: async () => {
      const proxy = await startProxy({ host: '127.0.0.1', port: server.port });
      return { options: { url: proxy.url }, proxies: [proxy] };
    },
    running: () => [server],
    masters: async () => [server],
    change: async ({ kind }) => {
      throw new RangeError(`a single server knows no ${kind}`);
    },
    view: async () => '',
    settled: async () => {},
    stop: () => server.stop(),
  };
}
