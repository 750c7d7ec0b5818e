import { ConfigurationError } from '../model/errors.js';
import type { CacheConfig } from './config.js';

/** Imports a module by the name a config gives it. */
export type Importer = (specifier: string) => Promise<Readonly<Record<string, unknown>>>;

/**
 * Replaces kinds of the form `module#Export` by the classes they name. Pass an importer of your own module, so that the
 * specifier is resolved from there: `configureCache(await loadKinds(config, (m) => import(m)))`.
 *
 * @throws ConfigurationError when the module cannot be loaded or has no such class.
 */
export async function loadKinds(config: CacheConfig, importer: Importer): Promise<CacheConfig> {
  const [local, shared] = await Promise.all([
    load('local', config.local, importer),
    load('shared', config.shared, importer),
  ]);
  return { ...config, ...(local && { local }), ...(shared && { shared }) };
}

async function load<T extends { readonly kind: unknown }>(
  tier: string,
  config: T | undefined,
  importer: Importer,
): Promise<T | undefined> {
  if (config === undefined || typeof config.kind !== 'string' || !config.kind.includes('#')) return config;
  const at = config.kind.lastIndexOf('#');
  const specifier = config.kind.slice(0, at);
  const name = config.kind.slice(at + 1);
  let exported: unknown;
  try {
    exported = (await importer(specifier))[name];
  } catch (cause) {
    throw new ConfigurationError(`${tier}.kind is '${config.kind}': the module cannot be loaded`, { cause });
  }
  if (typeof exported !== 'function') {
    throw new ConfigurationError(
      `${tier}.kind is '${config.kind}': the module exports no class '${name}'; accepted: module#Export`,
    );
  }
  return { ...config, kind: exported };
}
