import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as testing from '@recollect/testing';
import * as testingRedis from '@recollect/testing/redis';
import * as recollect from 'recollect';
import { ROOT, readPage, readPages } from './support/pages.js';
import { PublicTypes } from './support/public-types.js';
import { type MarkedTable, markedTables } from './support/tables.js';

/** What must have a table of its members; a table of anything else is compared just the same. */
const REQUIRED = [
  ...['CachedOptions', 'CacheConfig', 'CacheConfig.protect', 'ManualOptions', 'TTL', 'Cache', 'CacheHandle'],
  ...['SimpleCacheOptions', 'SimpleCacheNoSerializerOptions', 'RedisCacheOptions', 'FileSystemCacheOptions'],
  ...[
    'SiteStats',
    'CacheStats',
    'InvalidationOutcome',
    'Observer',
    'Failure',
    'LocalBackend',
    'SharedBackend',
  ],
];
const MODULES: Readonly<Record<string, object>> = {
  recollect,
  '@recollect/testing': testing,
  '@recollect/testing/redis': testingRedis,
};

const TIMEOUT = 60_000;
const types = new PublicTypes();
const tables = readPages().flatMap(markedTables);
const about = (subject: string): MarkedTable[] => tables.filter((table) => table.subject === subject);
const titles = (list: readonly MarkedTable[]) =>
  list.map((table) => [`${table.argument || 'them'} (${table.place})`, table] as const);

/** The names in the first column, without what is behind them: `get(key)` is `get`. */
function namesIn({ rows }: MarkedTable): string[] {
  return rows.flatMap(([first]) => first?.codes ?? []).map((code) => /^[\w.-]+/.exec(code)?.[0] ?? code);
}

function expectSame(documented: readonly string[], real: readonly string[]): void {
  expect([...documented].sort()).toEqual([...real].sort());
}

describe('tables of members list all members and no others', () => {
  test.each(titles(about('members')))(
    '%s',
    (_, table) => expectSame(namesIn(table), types.members(table.argument)),
    TIMEOUT,
  );

  test('each of the types that a reader meets has one', () => {
    const documented = about('members').map(({ argument }) => argument);
    expect(REQUIRED.filter((type) => !documented.includes(type))).toEqual([]);
  });
});

describe('tables of words list all words and no others', () => {
  test.each(titles(about('values')))('%s', (_, table) =>
    expectSame(namesIn(table), types.values(table.argument)),
  );
});

describe('tables of exports list all values a module exports and no others', () => {
  test.each(titles(about('exports')))('%s', (_, table) =>
    expectSame(namesIn(table), Object.keys(MODULES[table.argument] ?? {})),
  );

  test('every module has one', () =>
    expectSame(
      about('exports').map(({ argument }) => argument),
      Object.keys(MODULES),
    ));
});

test('the table of environment variables lists those that are read and no others', () => {
  const source = readFileSync(`${ROOT}packages/recollect/src/runtime/environment.ts`, 'utf8');
  const read = new Set(source.match(/(?<=')(?:LOCAL)?CACHE_[A-Z0-9_]+(?=')/g));
  expect(about('variables').map(namesIn)).toEqual([expect.anything()]);
  expectSame(about('variables').flatMap(namesIn), [...read]);
});

test('each code of an error is a heading, and no other is', () => {
  const { tokens } = readPage('docs/reference/errors.md');
  const headings = tokens.flatMap((token, at) =>
    token.type === 'heading_open' && token.tag === 'h2' ? [tokens[at + 1]?.content ?? ''] : [],
  );
  expectSame(headings, types.values('CacheErrorCode'));
});
