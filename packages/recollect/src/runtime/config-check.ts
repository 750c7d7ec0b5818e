import { ConfigurationError } from '../model/errors.js';
import { shown } from '../model/shown.js';
import type { CacheConfig } from './config.js';

type Check = readonly [accepted: string, test: (value: never) => boolean];

const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const tier: Check = [
  "an object with a kind, such as { kind: 'SimpleCache' }",
  (value) => isObject(value) && 'kind' in value,
];

const OPTIONS: Readonly<Record<keyof CacheConfig, Check>> = {
  namespace: ['a text that is not empty', (value) => typeof value === 'string' && value !== ''],
  local: tier,
  shared: tier,
  leases: ['an object, such as { duration: { seconds: 2 } }', isObject],
  compress: ['true, false or { thresholdBytes }', (value) => typeof value === 'boolean' || isObject(value)],
  maxValueBytes: [
    'a whole number of bytes from 1',
    (value) => Number.isSafeInteger(value) && (value as number) >= 1,
  ],
  protect: ['{ mode, keys, current }', isObject],
  production: ['true or false', (value) => typeof value === 'boolean'],
  use: ['an array of plugins, such as [redis()]', (value) => Array.isArray(value)],
  serializers: ['an array of serializers', (value) => Array.isArray(value)],
  observer: ['an object with the methods of Observer', isObject],
  clock: ['an object with the methods of Clock', isObject],
};

/** @throws ConfigurationError for an option that is unknown or of the wrong shape; backends check their own. */
export function validateConfig(config: CacheConfig): void {
  if (!isObject(config)) throw new ConfigurationError(`config is ${shown(config)}; accepted: an object`);
  for (const [option, value] of Object.entries(config)) {
    const check = Object.hasOwn(OPTIONS, option) ? OPTIONS[option as keyof CacheConfig] : undefined;
    if (check === undefined) {
      throw new ConfigurationError(
        `config: '${option}' is unknown; accepted: ${Object.keys(OPTIONS).join(', ')}`,
      );
    }
    if (value !== undefined && !check[1](value as never)) {
      throw new ConfigurationError(`config: ${option} is ${shown(value)}; accepted: ${check[0]}`);
    }
  }
}
