import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Trace, traceOf } from './trace.js';

/** Where the files are that the figures in the documentation were made of. */
export const SOURCE =
  'web07, web12, orm-busy and orm-night (headissue GmbH, Jens Wilke, CC BY 4.0) are among the simulator resources of ' +
  'github.com/ben-manes/caffeine, as *.trace.xz of the cache2k collection';

const SHARES = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4];
const MOST_BYTES = 1 << 30;

/**
 * The traces of a folder: files `*.trace`, or `*.trace.xz` where `xz` is installed, of big-endian 32-bit integers, one for each access.
 * They are tried in sizes from half a percent to 40 % of what they access, but in none below 16 entries.
 */
export function* tracesIn(folder: string): Generator<Trace> {
  const files = readdirSync(folder).filter((file) => /\.trace(?:\.xz)?$/.test(file));
  if (files.length === 0) throw new Error(`${folder} holds no *.trace and no *.trace.xz; ${SOURCE}`);
  for (const file of files.sort()) {
    yield traceOf(file.replace(/\.trace(?:\.xz)?$/, ''), integers(contentOf(join(folder, file))), (keys) =>
      SHARES.map((share) => Math.round(keys * share)).filter((size) => size >= 16),
    );
  }
}

function contentOf(path: string): Buffer {
  if (!path.endsWith('.xz')) return readFileSync(path);
  return execFileSync('xz', ['--decompress', '--stdout', path], { maxBuffer: MOST_BYTES });
}

function* integers(content: Buffer): Generator<number> {
  for (let at = 0; at + 4 <= content.length; at += 4) yield content.readUInt32BE(at);
}
