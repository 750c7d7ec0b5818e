import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { whyNoRedisBinary } from '@recollect/testing/redis';

const PROGRAM = fileURLToPath(new URL('../dist/main.js', import.meta.url));

const why = await whyNoRedisBinary();

/** Servers are frozen and killed here, so it must be one of our own. */
(why === undefined ? test : test.skip)(
  'some seconds of it, on one server, find nothing',
  async () => {
    const options = ['--minutes', '0.08', '--seed', '7', '--mode', 'all', '--workers', '3'];
    const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, ...options], {
      env: { ...process.env, NODE_OPTIONS: '' },
    }).catch((error: { stdout: string; stderr: string }) => ({ stdout: error.stdout + error.stderr }));
    expect(stdout).toMatch(/^1 rounds, \d{3,} operations, \d{2,} loads, [1-9]\d* faults, 0 violations$/m);
  },
  60_000,
);
