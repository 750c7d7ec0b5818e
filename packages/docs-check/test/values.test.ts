import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, describe, expect, test } from '@jest/globals';
import { fileSystem } from '@recollect/file-system';
import { MemorySharedBackend } from '@recollect/testing';
import { type CacheConfig, cachedFunction, createCache, KeyError } from 'recollect';
import ts from 'typescript';
import { blocksOf } from './support/blocks.js';
import { readPage } from './support/pages.js';
import { markedTables } from './support/tables.js';

const page = readPage('docs/guide/values.md');
const given = ts.transpileModule(blocksOf(page).find(({ words }) => words[0] === 'ts')?.text ?? '', {
  compilerOptions: { target: ts.ScriptTarget.ES2022 },
}).outputText;

/** What the expression comes to, anew each time, where the first block of the page has been read. */
function evaluated(expression: string): unknown {
  return new Function(`${given}\nreturn (${expression});`)();
}

type Fate = 'copy' | 'not stored' | 'same' | 'shared' | 'changed';

/** What becomes of a value that a method returns, told from what its later callers get. */
async function fateUnder(config: CacheConfig, expression: string): Promise<Fate> {
  const cache = createCache(config);
  try {
    const value = evaluated(expression);
    const method = cache.cachedFunction(async () => value, { name: 'method', hours: 1 });
    expect(Object.is(await method(), value)).toBe(true);
    await cache.settled();
    const [second, third] = [await method(), await method()];
    if (method.stats().loads > 1) return method.stats().failures > 0 ? 'not stored' : 'changed';
    if (Object.is(second, value)) return 'same';
    if (inWords(second) !== inWords(value)) return 'changed';
    return Object.is(second, third) ? 'shared' : 'copy';
  } finally {
    await cache.close();
  }
}

/** All that can be seen of a value: classes, contents, signs of zeros. */
function inWords(value: unknown): string {
  return inspect(value, { depth: null, maxArrayLength: null, maxStringLength: null });
}

const directory = mkdtempSync(join(tmpdir(), 'recollect-values-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let fresh = 0;

/** The tiers behind each column of the table; those of one column must agree. */
function columns(): Record<string, CacheConfig[]> {
  fresh += 1;
  const local = { kind: 'NullCache' } as const;
  return {
    'copied locally': [{ local: { kind: 'SimpleCache' } }],
    'by reference': [{ local: { kind: 'SimpleCacheNoSerializer' } }],
    'shared tier': [
      { local, shared: { kind: new MemorySharedBackend() } },
      {
        local,
        namespace: `values-${fresh}`,
        shared: { kind: 'FileSystemCache', directory },
        use: [fileSystem()],
      },
    ],
  };
}

describe('what becomes of a value', () => {
  const rows = markedTables(page).find(({ subject }) => subject === 'fate of values')?.rows ?? [];

  test.each(
    rows.map(
      ([what, example, ...fates]) =>
        [what?.text ?? '', example?.codes[0] ?? '', fates.map(({ text }) => text)] as const,
    ),
  )('%s: %s', async (_, expression, written) => {
    const found = await Promise.all(
      Object.values(columns()).map((configs) =>
        Promise.all(configs.map((config) => fateUnder(config, expression))),
      ),
    );
    expect(found.map((fates) => [...new Set(fates)].join(' or '))).toEqual(written);
  });

  test('the table is there', () => expect(rows.length).toBeGreaterThan(30));

  test('one object in two places stays one, which its text does not show', async () => {
    for (const config of Object.values(columns()).flat()) {
      const cache = createCache(config);
      const method = cache.cachedFunction(
        async () => evaluated('twice') as { first: object; second: object },
        {
          name: 'method',
        },
      );
      await method();
      await cache.settled();
      const { first, second } = await method();
      expect([first === second, method.stats().loads]).toEqual([true, 1]);
      await cache.close();
    }
  });
});

describe('when arguments are equal', () => {
  const keyPage = readPage('docs/guide/keys-and-identity.md');
  const rows = markedTables(keyPage).find(({ subject }) => subject === 'equal arguments')?.rows ?? [];
  const method = cachedFunction(async (...args: unknown[]) => args.length, { name: 'equality' });

  function verdict(one: string, other: string): string {
    try {
      const [a, b] = [one, other || one].map((list) => method.key(...(evaluated(list) as unknown[])));
      return a === b ? 'yes' : 'no';
    } catch (error) {
      expect(error).toBeInstanceOf(KeyError);
      return 'refused';
    }
  }

  test.each(
    rows.map(([one, other, same]) => [one?.codes[0] ?? '', other?.codes[0] ?? '', same?.text ?? ''] as const),
  )('%s and %s: %s', (one, other, written) => expect(verdict(one, other)).toBe(written));

  test('the table is there', () => expect(rows.length).toBeGreaterThan(20));
});
