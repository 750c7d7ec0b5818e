import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { RunningRedis } from './redis-source.js';

const IMAGE = 'redis:8-alpine';
const PORT = 6_379;

/** A container, by way of testcontainers, which also removes it when this process dies. */
export async function redisInDocker(): Promise<RunningRedis> {
  if (!mayHaveEngine()) throw new Error('no engine: DOCKER_HOST is not set and there is no socket of one');
  const { GenericContainer, Wait } = await import('testcontainers');
  const container = await new GenericContainer(IMAGE)
    .withCommand(['redis-server', '--save', '', '--appendonly', 'no'])
    .withExposedPorts(PORT)
    .withWaitStrategy(Wait.forLogMessage('Ready to accept connections'))
    .withStartupTimeout(60_000)
    .start();
  return {
    url: `redis://${container.getHost()}:${container.getMappedPort(PORT)}`,
    stop: () =>
      container.stop().then(
        () => {},
        () => {},
      ),
  };
}

/** Where testcontainers would look. To load it only to learn that there is nothing costs a third of a second. */
function mayHaveEngine(): boolean {
  const { DOCKER_HOST, XDG_RUNTIME_DIR } = process.env;
  if (process.platform === 'win32' || DOCKER_HOST !== undefined) return true;
  const home = homedir();
  return [
    '/var/run/docker.sock',
    join(XDG_RUNTIME_DIR ?? `/run/user/${process.getuid?.()}`, 'docker.sock'),
    `/run/user/${process.getuid?.()}/docker.sock`,
    join(home, '.docker/run/docker.sock'),
    join(home, '.docker/desktop/docker.sock'),
    join(home, '.testcontainers.properties'),
  ].some((path) => existsSync(path));
}
