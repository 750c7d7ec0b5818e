import { expect, test } from '@jest/globals';
import { FileSystemCache, type FileSystemCacheOptions, fileSystem } from '@recollect/file-system';
import { createCache, type SharedBackendKinds } from 'recollect';
import { freshPath } from './scratch.js';

test('makes the kind known by its name', () => {
  expect(fileSystem()).toEqual({ name: 'file-system', shared: { FileSystemCache } });
});

test('a config in TypeScript knows the kind and its options', () => {
  const options: SharedBackendKinds['FileSystemCache'] = { directory: 'x', threshold: 1 };
  const same: FileSystemCacheOptions = options;
  expect(same).toEqual({ directory: 'x', threshold: 1 });
});

test('a decorated function finds its values again after a restart', async () => {
  const directory = freshPath();
  let calls = 0;
  const born = new Date(1_700_000_000_000);
  const session = async () => {
    const cache = createCache({
      namespace: 'shop',
      shared: { kind: 'FileSystemCache', directory, defaultTtl: { hours: 1 } },
      use: [fileSystem()],
    });
    const user = cache.cachedFunction(
      async (id: number) => {
        calls += 1;
        return { id, born };
      },
      { name: 'users.byId', hours: 1 },
    );
    const found = await user(7);
    await cache.close();
    return found;
  };
  expect(await session()).toEqual({ id: 7, born });
  expect(await session()).toEqual({ id: 7, born });
  expect(calls).toBe(1);
});

test('a wrong directory fails where the cache is configured', () => {
  const configure = () =>
    createCache({ shared: { kind: 'FileSystemCache', directory: '' }, use: [fileSystem()] });
  expect(configure).toThrow(/option "directory" is ""/);
});
