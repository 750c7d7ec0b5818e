/** The program of a shop process: it plays traffic to a shop with a cache, and asks its parent for what the database knows. */
import { createBirpc } from 'birpc';
import type { Database } from './database.js';
import { CHANNEL_TIMEOUT, type DemoFunctions, type ShopFunctions } from './shop-channel.js';
import { openShop, type Shop } from './shop-run.js';

let shop: Shop | undefined;

function opened(): Shop {
  if (shop === undefined) throw new Error('The shop has not been opened');
  return shop;
}

const functions: ShopFunctions = {
  open({ config, traffic }) {
    shop = openShop(config, database, traffic, (done) => void demo.progress.asEvent(done));
  },
  play: () => opened().play(),
  sell: () => opened().sell(),
  answers: () => opened().answers(),
  close: () => opened().close(),
};

const demo = createBirpc<DemoFunctions, ShopFunctions>(functions, {
  post: (message) => process.send?.(message),
  on: (listener) => process.on('message', listener),
  timeout: CHANNEL_TIMEOUT,
});

const database: Database = {
  rows: async <Row>(sql: string, parameters: readonly unknown[]) =>
    (await demo.rows(sql, parameters)) as Row[],
};

// A demo that was interrupted leaves nobody behind.
process.once('disconnect', () => process.exit());
