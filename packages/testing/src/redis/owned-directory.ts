import { spawn } from 'node:child_process';
import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { detach, endOf } from './spawn-guarded.js';

/** A temporary directory that is removed with this process, whatever it dies of. */
export interface OwnedDirectory {
  /** With links resolved. */
  readonly path: string;
  /** Idempotent. */
  remove(): Promise<void>;
}

/** What still works in it is killed by another guard at the same time, and may be writing: hence more than one attempt. */
const REMOVER = `
PATH=/bin:/usr/bin
read -r _ <&3
for _ in 1 2 3 4 5 6 7 8 9 10; do
  rm -rf "$1" 2>/dev/null && exit
  sleep 0.1
done`;

/** @param label Part of its name. */
export async function ownDirectory(label: string): Promise<OwnedDirectory> {
  const path = await realpath(await mkdtemp(join(tmpdir(), `recollect-${label}-`)));
  const remover = spawn('/bin/sh', ['-c', REMOVER, 'sh', path], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const gone = endOf(remover);
  detach(remover);
  return {
    path,
    remove: async () => {
      remover.ref();
      remover.stdio[3]?.destroy();
      await gone;
    },
  };
}
