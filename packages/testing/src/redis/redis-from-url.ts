import { connect } from 'node:net';
import type { RunningRedis } from './redis-source.js';

/** How long an explicitly named server may take to accept a connection, in milliseconds. */
const DEADLINE_MS = 3_000;

/** The server that `TEST_REDIS_URL` names; it is not ours to stop. */
export async function redisFromUrl(): Promise<RunningRedis> {
  const url = process.env.TEST_REDIS_URL;
  if (url === undefined || url === '') throw new Error('not set');
  const target = URL.canParse(url) ? new URL(url) : undefined;
  if (target === undefined || !['redis:', 'rediss:'].includes(target.protocol)) {
    throw new Error(`'${url}' is no address of a Redis; it accepts redis://host:port or rediss://host:port`);
  }
  await reach(target.hostname.replace(/^\[|\]$/g, ''), Number(target.port || 6_379));
  return { url, stop: async () => {} };
}

function reach(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const end = (why?: string) => {
      socket.destroy();
      if (why === undefined) resolve();
      else reject(new Error(`nothing answers at ${host}:${port} (${why})`));
    };
    socket.setTimeout(DEADLINE_MS, () => end(`no connection within ${DEADLINE_MS} ms`));
    socket.once('connect', () => end());
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}
