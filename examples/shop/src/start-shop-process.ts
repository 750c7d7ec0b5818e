import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createBirpc } from 'birpc';
import type { Database } from './database.js';
import type { OnProgress } from './player.js';
import { CHANNEL_TIMEOUT, type DemoFunctions, type ShopFunctions, type ShopOrder } from './shop-channel.js';
import type { Shop } from './shop-run.js';

/** Opens a shop in a process of its own, which asks `database` here. Its `close` resolves when the process has ended. */
export async function startShopProcess(
  order: ShopOrder,
  database: Database,
  onProgress: OnProgress,
): Promise<Shop> {
  // Structured clones, not JSON: a Date of the database must arrive as a Date, or the comparison would be about JSON.
  const child = fork(fileURLToPath(new URL('./shop-process.js', import.meta.url)), {
    serialization: 'advanced',
  });
  const ended = once(child, 'exit');
  const demo: DemoFunctions = {
    rows: (sql, parameters) => database.rows(sql, parameters),
    progress: onProgress,
  };
  const shop = createBirpc<ShopFunctions, DemoFunctions>(demo, {
    post: (message) => child.send(message),
    on: (listener) => child.on('message', listener),
    timeout: CHANNEL_TIMEOUT,
  });
  void ended.then(([code, signal]) =>
    shop.$close(new Error(`A shop process ended early: ${code ?? signal}`)),
  );
  await shop.open(order);
  return {
    play: () => shop.play(),
    sell: () => shop.sell(),
    answers: () => shop.answers(),
    close: async () => {
      await shop.close();
      child.disconnect();
      await ended;
    },
  };
}
