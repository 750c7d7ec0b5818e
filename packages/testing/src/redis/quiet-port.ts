import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Where the bus of a cluster's node is, seen from its port. */
const BUS = 10_000;
const FIRST = 12_000;
const END = 22_000;

/**
 * A free port of the loopback below those that systems give to outgoing connections (from 32768 on, on Linux), and with
 * it a free one for the bus of a cluster. At any other a client that dials a server which is down for the moment may be
 * given the server's own port to dial from: then it is connected to itself, and the server cannot come back.
 */
export async function quietPort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = randomInt(FIRST, END);
    if ((await isFree(port)) && (await isFree(port + BUS))) return port;
  }
  throw new Error(`no port between ${FIRST} and ${END} is free together with the one ${BUS} above it`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
