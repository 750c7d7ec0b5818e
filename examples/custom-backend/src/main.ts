import { configureCache, loadKinds } from 'recollect';
import { Dictionary } from './dictionary.js';
import { HotKeysCache } from './hot-keys-cache.js';

const dictionary = new Dictionary();

async function use(): Promise<void> {
  for (const word of ['sun', 'sun', 'sun', 'moon', 'moon', 'star']) await dictionary.translate(word);
}

// Under its own name, made known by a plugin.
const named = configureCache({
  local: { kind: 'HotKeysCache', hotFrom: 1 },
  use: [{ name: 'hot keys', local: { HotKeysCache } }],
});
await use();
if (named.localTier instanceof HotKeysCache) console.log('by name:', named.localTier.hotKeys());

// By module, as a config in JSON would have it.
const config = JSON.parse('{ "local": { "kind": "./hot-keys-cache.js#HotKeysCache", "hotFrom": 2 } }');
const loaded = configureCache(await loadKinds(config, (module) => import(module)));
await use();
if (loaded.localTier instanceof HotKeysCache) console.log('by module:', loaded.localTier.hotKeys());

console.log(`12 calls, ${dictionary.lookups} lookups`);
await loaded.close();
