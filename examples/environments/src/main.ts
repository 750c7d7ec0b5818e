import { configureCache } from 'recollect';
import { cacheConfig } from './cache-config.js';
import { ExchangeRates } from './exchange-rates.js';

const cache = configureCache(cacheConfig(process.env));
console.log(cache.info());

const rates = new ExchangeRates();
for (let call = 0; call < 3; call++) await rates.rate('EUR', 'NOK');
console.log(`3 calls, asked ${rates.asked} time(s)`);
await cache.close();
