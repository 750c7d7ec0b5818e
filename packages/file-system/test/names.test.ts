import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, isAbsolute, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Layout } from '../src/layout.js';
import { filesBelow, freshPath, look, put, world } from './scratch.js';

const seed = Date.now() % 2 ** 31;
console.info(`names.test.ts: seed ${seed}`);

const HOSTILE = [
  '../../etc/passwd',
  '..',
  '.',
  '',
  '/',
  '/etc/passwd',
  '..\\..\\windows',
  'a\0b',
  '\0',
  'held',
  'held/x',
  '%2e%2e%2f',
  `${'x'.repeat(300)}`,
  `${'../'.repeat(50)}tmp/x`,
  'con',
  '\ud800',
  '\udfff\ud800',
  '~',
  '$HOME',
  '\u202e',
];

describe('names of files', () => {
  test('100,000 random keys give 100,000 paths, all of them digests below the root', () => {
    const root = freshPath();
    const layout = new Layout(root);
    const keys = fc.sample(fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.string(), hostile()), {
      numRuns: 100_000,
      seed,
    });
    const paths = new Map<string, string>();
    for (const key of keys) {
      const { path, directory } = layout.place(key);
      const below = relative(root, path);
      if (isAbsolute(below) || !/^[0-9a-f]{2}\/[0-9a-f]{62}$/.test(below))
        throw new Error(`${JSON.stringify(key)}: ${path}`);
      if (dirname(path) !== directory) throw new Error(`${path} is not in ${directory}`);
      const other = paths.get(path);
      if (other !== undefined && other !== key)
        throw new Error(`${JSON.stringify([key, other])} share ${path}`);
      paths.set(path, key);
    }
    expect(paths.size).toBe(new Set(keys).size);
  });

  test('hostile and random keys are kept, apart from each other, and nothing lands outside the root', async () => {
    const around = freshPath();
    mkdirSync(around);
    const { directory, open } = world(`${around}/root`);
    const cache = open();
    const random = fc.sample(fc.string({ unit: 'binary', maxLength: 60 }), { numRuns: 1_000, seed });
    const keys = [...new Set([...HOSTILE, ...random])];
    await cache.write(keys.map((key, index) => ({ key, data: Buffer.from(`value ${index}`), ttlMs: 1e9 })));
    const records = await cache.read(keys);
    expect(records.map((record) => record && Buffer.from(record.data).toString())).toEqual(
      keys.map((_, index) => `value ${index}`),
    );
    const scanned: string[] = [];
    for await (const key of cache.scan('')) scanned.push(key);
    expect(scanned.sort()).toEqual([...keys].sort());
    expect(readdirSync(around)).toEqual(['root']);
    expect(filesBelow(directory).every((file) => /^[0-9a-f]{2}\/[0-9a-f]{62}$/.test(file))).toBe(true);
    expect(await cache.delete(keys)).toBe(keys.length);
    expect(filesBelow(directory)).toEqual([]);
  });

  test('keys that differ only in a lone surrogate are two keys', async () => {
    const cache = world().open();
    await put(cache, 'k\ud800', 'one');
    await put(cache, 'k\ud801', 'two');
    await put(cache, 'k\ufffd', 'three');
    expect(await look(cache, 'k\ud800')).toBe('one');
    expect(await look(cache, 'k\ud801')).toBe('two');
    expect(await look(cache, 'k\ufffd')).toBe('three');
  });
});

function hostile(): fc.Arbitrary<string> {
  return fc
    .array(fc.constantFrom('..', '/', '\\', '\0', 'etc', '.', 'held', '.tmp', ''), { maxLength: 8 })
    .map((parts) => parts.join(''));
}
