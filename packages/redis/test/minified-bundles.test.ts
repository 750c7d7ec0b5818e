import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { testRedisUrl, uniquePrefix } from '@recollect/testing/redis';
import { build } from 'esbuild';

/** Two services of two applications, each bundled and minified on its own, against one Redis and one namespace. */
interface Report {
  readonly className: string;
  readonly results: readonly string[];
}

const fixtures = fileURLToPath(new URL('fixtures/minified/', import.meta.url));
let output: string;

beforeAll(async () => {
  output = await mkdtemp(join(tmpdir(), 'recollect-minified-'));
  await build({
    entryPoints: [join(fixtures, 'user.ts'), join(fixtures, 'invoice.ts')],
    outdir: output,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
});

afterAll(() => rm(output, { recursive: true, force: true }));

async function run(bundle: string, ...args: string[]): Promise<Report> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(output, `${bundle}.mjs`),
    testRedisUrl(),
    ...args,
  ]);
  return JSON.parse(stdout) as Report;
}

describe('two minified bundles', () => {
  test('whose class names coincide are refused, so that nothing crosses', async () => {
    const namespace = uniquePrefix();
    const [user, invoice] = [await run('user', namespace), await run('invoice', namespace)];
    expect(user.className).toBe(invoice.className);
    expect([user.results, invoice.results]).toEqual([['ConfigurationError'], ['ConfigurationError']]);
  });

  test('never see values of each other once they are named', async () => {
    const namespace = uniquePrefix();
    for (let round = 0; round < 2; round += 1) {
      for (const bundle of ['user', 'invoice']) {
        const { results } = await run(bundle, namespace, 'find');
        expect(results).toEqual(Array.from({ length: 50 }, (_, id) => `${bundle} ${id}`));
      }
    }
  });
});
