import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { optionsOf } from './compile.js';
import { withExpectations } from './expectations.js';
import { ROOT } from './pages.js';
import type { Snippet } from './snippets.js';

/** The server that pages speak of. */
const REDIS = 'redis://localhost:6379';
const TIMEOUT = 40_000;

/**
 * Runs one module after the other. The process-wide cache is taken away in between, so that each of them finds itself in
 * a process that has configured nothing; two that have classes of one name would fail without that.
 */
const RUNNER = `import { readFileSync, writeFileSync } from 'node:fs';
const failures = [];
for (const { name, directory } of JSON.parse(readFileSync('snippets.json', 'utf8'))) {
  console.log(name);
  delete globalThis[Symbol.for('recollect.default-host.v1')];
  process.chdir(directory);
  try {
    await import(directory + '/snippet.js');
  } catch (error) {
    failures.push(name + ':\\n' + (error?.stack ?? error));
  }
  process.chdir('..');
}
writeFileSync('failures.json', JSON.stringify(failures));
`;

/**
 * Runs the snippets on the built packages, each in an empty directory.
 *
 * @param redisUrl stands in for the server the pages speak of; namespaces are then random, as the server may be anybody's.
 * @returns what went wrong, with the name of the snippet.
 */
export async function execute(snippets: readonly Snippet[], redisUrl: () => string): Promise<string[]> {
  // Below this package, so that a bare specifier finds what this package depends on.
  const parent = `${ROOT}packages/docs-check/dist`;
  mkdirSync(parent, { recursive: true });
  const directory = mkdtempSync(join(parent, 'run-'));
  try {
    const list = snippets.map((snippet, at) => {
      const own = join(directory, String(at));
      mkdirSync(own);
      writeFileSync(
        join(own, 'snippet.js'),
        withExpectations(onTestRedis(snippet, redisUrl), optionsOf(snippet.dialect)),
      );
      return { name: snippet.name, directory: own };
    });
    writeFileSync(join(directory, 'snippets.json'), JSON.stringify(list));
    writeFileSync(join(directory, 'runner.js'), RUNNER);
    return await runAll(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function runAll(directory: string): Promise<string[]> {
  const output = await new Promise<string>((resolve) => {
    const env = { ...process.env, NODE_OPTIONS: '', NODE_ENV: 'development' };
    const options = { cwd: directory, env, timeout: TIMEOUT };
    execFile(process.execPath, ['runner.js'], options, (error, said, errors) =>
      resolve(`${said}${errors}${error?.message ?? ''}`),
    );
  });
  const failures = join(directory, 'failures.json');
  // Missing after one that never came to its end, or that ended the process.
  return existsSync(failures) ? (JSON.parse(readFileSync(failures, 'utf8')) as string[]) : [output];
}

function onTestRedis(snippet: Snippet, redisUrl: () => string): Snippet {
  if (!snippet.code.includes(REDIS)) return snippet;
  const code = snippet.code
    .replaceAll(REDIS, redisUrl())
    .replace(/namespace: '([\w-]+)'/g, `namespace: '$1-${randomUUID()}'`);
  return { ...snippet, code };
}
