/**
 * Prints how densely 200 clients come back to a server that was away: node test/figures/storm.mjs (built packages). Starts a
 * Redis of its own. In real time and one process: where that stood still, those who came meanwhile come at once.
 */
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startServer } from '../../../testing/dist/redis.js';
import { RedisCache } from '../../dist/index.js';

const CLIENTS = 200;
const WINDOW_MS = 50;
const clock = {
  now: () => performance.now(),
  get coarse() {
    return performance.now();
  },
  /** @param {number} ms @param {() => void} task */
  after(ms, task) {
    const timer = setTimeout(task, ms).unref();
    return () => clearTimeout(timer);
  },
};

const server = await startServer();
try {
  for (const awayMs of [0, 500, 1_000, 3_000]) await storm(awayMs);
} finally {
  await server.stop();
}

/** @param {number} awayMs */
async function storm(awayMs) {
  /** @type {number[]} */
  let arrivals = [];
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();
  const listen = (/** @type {number} */ port) =>
    createServer((socket) => {
      arrivals.push(performance.now());
      sockets.add(socket);
      const road = connect(server.port, '127.0.0.1');
      socket.on('error', () => {}).pipe(road);
      road.on('error', () => socket.destroy()).pipe(socket);
      socket.once('close', () => sockets.delete(socket) && road.destroy());
    }).listen(port, '127.0.0.1');
  // Below the ports that dialling clients are given: one could be connected to itself.
  const port = 30_000 + Math.floor(Math.random() * 2_000);
  let door = listen(port);
  const caches = Array.from(
    { length: CLIENTS },
    () => new RedisCache({ url: `redis://127.0.0.1:${port}`, deadlineMs: 5_000 }, { clock, report() {} }),
  );
  await Promise.all(caches.map((cache) => cache.read(['k'])));
  arrivals = [];
  if (awayMs > 0) door.close();
  for (const socket of sockets) socket.destroy();
  await sleep(awayMs);
  let [turn, stood] = [performance.now(), 0];
  const watch = setInterval(() => {
    stood = Math.max(stood, performance.now() - turn);
    turn = performance.now();
  }, 2);
  const since = performance.now();
  if (awayMs > 0) door = listen(port);
  while (arrivals.length < CLIENTS || caches.some((cache) => cache.health().degraded)) await sleep(5);
  clearInterval(watch);
  console.log({
    awayMs,
    clients: CLIENTS,
    connections: arrivals.length,
    [`mostIn${WINDOW_MS}ms`]: densest(arrivals),
    allBackAfterMs: Math.round(performance.now() - since),
    longestStandstillMs: Math.round(stood),
  });
  await Promise.all(caches.map((cache) => cache.close()));
  door.close();
}

/** @param {readonly number[]} moments in order */
function densest(moments) {
  let [most, from] = [0, 0];
  for (const [at, moment] of moments.entries()) {
    while (moment - (moments[from] ?? moment) > WINDOW_MS) from += 1;
    most = Math.max(most, at - from + 1);
  }
  return most;
}
