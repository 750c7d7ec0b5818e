import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { testRedisUrl } from '@recollect/testing/redis';

const DEMO = fileURLToPath(new URL('../dist/demo.js', import.meta.url));
/** Starting PostgreSQL is work for seconds, and a busy machine multiplies them. */
const TIMEOUT = 240_000;

interface Ended {
  readonly code: unknown;
  readonly output: string;
  readonly errors: string;
}

/** Runs the built demo as a user would, in a process of its own. */
function demo(args: readonly string[], redisUrl = ''): Promise<Ended> {
  const env = { ...process.env, RECOLLECT_REDIS_URL: redisUrl };
  return new Promise((resolve) => {
    execFile(process.execPath, [DEMO, ...args], { env, timeout: TIMEOUT }, (error, output, errors) => {
      resolve({ code: error === null ? 0 : error.code, output, errors });
    });
  });
}

describe('the demo', () => {
  test(
    'shows every row, right, and says which seed it used',
    async () => {
      const { code, output, errors } = await demo(['--calls', '400', '--seed', '5'], testRedisUrl());
      expect({ code, errors }).toEqual({ code: 0, errors: '' });
      expect(output).toContain('seed 5');
      const rows = output.split('\n').filter((line) => line.startsWith('│'));
      expect(rows.map((row) => row.split('│')[1]?.trim())).toEqual([
        '',
        'NullCache (no cache)',
        'SimpleCache',
        'SimpleCacheNoSerializer',
        'FileSystemCache *',
        'after a restart *',
        'Redis, two processes *',
      ]);
      expect(rows[1]).toMatch(/ 400 │ +0\.0 % │ +400 │/);
      expect(rows[5]).toMatch(/ 400 │ +100\.0 % │ +0 │.* 400 \(100\.0 %\)/);
      expect(rows[6]).toMatch(/ 400 │/);
    },
    TIMEOUT,
  );

  test('refuses a Redis that is not there, before any work', async () => {
    const { code, output, errors } = await demo([], 'redis://127.0.0.1:1');
    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(errors).toContain('RECOLLECT_REDIS_URL is set, but there is no Redis that answers');
    expect(errors).toContain('ECONNREFUSED');
  });

  test('refuses an option it does not understand, before any work', async () => {
    const { code, output, errors } = await demo(['--calls', 'many']);
    expect(code).toBe(1);
    expect(errors).toContain("--calls is 'many'; accepted: a whole number from 100");
    expect(output).toBe('');
  });
});
