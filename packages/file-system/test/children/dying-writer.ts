/** Kills itself at one stage of a write. */
import * as fs from 'node:fs/promises';
import type { Disk } from '@recollect/file-system';
import { block } from './block.js';
import { openCache, task } from './child-cache.js';

export type Stage = 'after open' | 'mid-write' | 'after write' | 'before rename' | 'after rename';

const { options, key, stage, size } = task<{ key: string; stage: Stage; size: number }>();

function die(at: Stage): Promise<void> | undefined {
  if (at !== stage) return undefined;
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => {});
}

const disk: Disk = {
  ...fs,
  async open(path, ...rest) {
    const handle = await fs.open(path, ...rest);
    if (!String(path).endsWith('.tmp')) return handle;
    await die('after open');
    const writeFile = handle.writeFile.bind(handle);
    handle.writeFile = async (data) => {
      const bytes = data as Uint8Array;
      if (stage === 'mid-write') await handle.write(bytes.subarray(0, bytes.length / 2));
      await die('mid-write');
      await writeFile(bytes);
      await die('after write');
    };
    return handle;
  },
  async rename(from, to) {
    await die('before rename');
    await fs.rename(from, to);
    await die('after rename');
  },
};
const cache = openCache(options, { disk });
await cache.write([{ key, data: block(size, 2, 2), ttlMs: 3_600_000 }]);
throw new Error(`survived ${stage}`);
