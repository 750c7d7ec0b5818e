import { fork } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { CASES } from './cases.js';
import type { PairResult } from './pair.js';

/** One child process per case: no case runs on what another made of the compiler's assumptions. */
async function inChild(name: string): Promise<PairResult> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), ['--case', name]);
    child.once('message', (result) => resolve(result as PairResult));
    child.once('exit', (code) => {
      if (code !== 0) reject(new Error(`case '${name}' ended with code ${code}`));
    });
  });
}

async function runCase(name: string): Promise<void> {
  const found = CASES.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no case '${name}'`);
  process.send?.(await found.run());
}

async function runAll(): Promise<void> {
  const load = loadavg().map((value) => value.toFixed(2));
  console.log(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, load ${load.join(' ')}`,
  );
  console.log('31 paired rounds per case, median of the ratios (lowest–highest); checksums compared\n');
  let missed = 0;
  for (const one of CASES) {
    const result = await inChild(one.name);
    const met = one.met(result);
    if (!met) missed += 1;
    const { limitNs, oursNs, ratio, lowest, highest } = result;
    console.log(
      `${one.name}\n  ${one.limit} ${limitNs.toFixed(1)} ns, recollect ${oursNs.toFixed(1)} ns, ratio ${ratio.toFixed(2)} ` +
        `(${lowest.toFixed(2)}–${highest.toFixed(2)}), target ${one.target}: ${met ? 'met' : 'MISSED'}`,
    );
  }
  process.exitCode = missed === 0 ? 0 : 1;
}

const at = process.argv.indexOf('--case');
await (at < 0 ? runAll() : runCase(process.argv[at + 1] ?? ''));
