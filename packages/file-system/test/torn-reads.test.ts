import { expect, jest, test } from '@jest/globals';
import { freshPath } from './scratch.js';
import { startChild } from './start-child.js';

jest.setTimeout(600_000);

/** The full figure is 100,000: `pnpm --filter @recollect/file-system torn-reads`. */
const reads = Number(process.env.TORN_READS ?? 3_000);

test(`three writers of 256 kB and one reader: none of ${reads} reads is torn`, async () => {
  const options = { directory: freshPath() };
  const keys = ['a', 'b', 'c', 'd'];
  const writers = [1, 2, 3].map((id) => startChild('writer', { options, keys, size: 262_144, id }));
  for (const writer of writers) expect(await writer.hear()).toBe('started');
  const reader = startChild('reader', { options, keys, reads });
  const { torn, missing, ms } = await reader.hear<{ torn: number; missing: number; ms: number }>();
  for (const writer of writers) writer.tell('stop');
  const written = await Promise.all(writers.map((writer) => writer.hear<number>()));
  console.info(
    `torn-reads.test.ts: ${reads} reads in ${Math.round(ms)} ms against ${written.join(' + ')} writes`,
  );
  // A torn file would be noticed by its checksum: it would be a miss.
  expect({ torn, missing }).toEqual({ torn: 0, missing: 0 });
  expect(Math.min(...written)).toBeGreaterThan(0);
});
