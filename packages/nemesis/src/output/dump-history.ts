import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RoundResult } from '../round/round.js';

/** Writes everything to a file of its own and returns its path. */
export async function dumpHistory({ history, verdict }: RoundResult): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'recollect-nemesis-')), 'history.json');
  await writeFile(file, JSON.stringify({ verdict, history }, undefined, 1));
  return file;
}
