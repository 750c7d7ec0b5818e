import { startProxy, type TcpProxy } from '@recollect/testing/proxy';
import type { OwnServer } from '@recollect/testing/redis';

/** A proxy in front of each server, and what to say as `addresses` so that they are used. */
export async function proxiesFor(
  servers: readonly Pick<OwnServer, 'port'>[],
): Promise<{ readonly proxies: readonly TcpProxy[]; readonly addresses: Readonly<Record<string, string>> }> {
  const proxies = await Promise.all(servers.map(({ port }) => startProxy({ host: '127.0.0.1', port })));
  const pairs = proxies.map((proxy, at) => [`127.0.0.1:${servers[at]?.port}`, `127.0.0.1:${proxy.port}`]);
  return { proxies, addresses: Object.fromEntries(pairs) };
}
