import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

/** Everything a built file loads before it runs: what it imports, and what that imports, by their names. */
async function loads(file: URL, seen = new Set<string>()): Promise<Set<string>> {
  if (seen.has(file.href)) return seen;
  seen.add(file.href);
  const source = await readFile(fileURLToPath(file), 'utf8');
  for (const [, specifier = ''] of source.matchAll(
    /^(?:import|export)\b(?:[^;'"]*?\bfrom)?\s*['"]([^'"]+)['"];/gm,
  )) {
    if (specifier.startsWith('.')) await loads(new URL(specifier, file), seen);
    else seen.add(specifier);
  }
  return seen;
}

const outside = async (entry: string) => {
  const all = await loads(new URL(`../dist/${entry}.js`, import.meta.url));
  return [...all].filter((name) => !name.startsWith('file:') && !name.startsWith('node:')).sort();
};

describe('an entry of the package', () => {
  test('loads nothing but recollect: no runner, no container', async () => {
    expect(await outside('index')).toEqual(['recollect']);
  });

  test.each(['proxy', 'redis', 'redis-setup', 'redis-teardown'])(
    '%s loads nothing of anyone',
    async (entry) => {
      expect(await outside(entry)).toEqual([]);
    },
  );
});
