/** Compiles the cases against the built declarations with each compiler in each set-up. Exit code 1 on an error. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { compilers, folder, projects } from './projects.mjs';

const execute = promisify(execFile);
const require = createRequire(import.meta.url);
const queue = compilers.flatMap((compiler) => projects.map((project) => ({ compiler, project })));
const results = new Map();

await Promise.all(Array.from({ length: availableParallelism() }, worker));

for (const compiler of compilers) {
  const row = projects.map(
    (project) => `${project} ${results.get(`${compiler}/${project}`).ok ? 'ok' : 'FAILED'}`,
  );
  console.log(`${(await version(compiler)).padEnd(6)} ${row.join(' · ')}`);
}
const failures = [...results.values()].filter(({ ok }) => !ok);
for (const { title, output } of failures) console.error(`\n${title}\n${output}`);
console.log(`types: ${results.size} compilations, ${failures.length} failed`);
process.exitCode = failures.length > 0 ? 1 : 0;

async function worker() {
  for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
    results.set(`${job.compiler}/${job.project}`, await compile(job));
  }
}

/** @param {{ compiler: string, project: string }} job */
async function compile({ compiler, project }) {
  const title = `${compiler}, tsconfig.${project}.json`;
  const compilation = execute(process.execPath, [programOf(compiler), '-p', `tsconfig.${project}.json`], {
    cwd: folder,
  });
  return compilation.then(
    () => ({ title, ok: true, output: '' }),
    (error) => ({ title, ok: false, output: `${error.stdout}${error.stderr}` }),
  );
}

/** @param {string} compiler */
async function version(compiler) {
  const { stdout } = await execute(process.execPath, [programOf(compiler), '--version']);
  return stdout.replace('Version ', '').trim();
}

/** @param {string} compiler @returns {string} path of the script behind its command */
function programOf(compiler) {
  const manifest = require.resolve(`${compiler}/package.json`);
  const [program] = Object.values(JSON.parse(readFileSync(manifest, 'utf8')).bin);
  return join(dirname(manifest), program);
}
