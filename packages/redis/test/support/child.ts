import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** How a child process ended. */
export interface Ended {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly stderr: string;
  /** From its last line to its end, in milliseconds. */
  readonly lingeredMs: number;
}

const DIST = new URL('../../dist/index.js', import.meta.url).href;

const PRELUDE = `
import { RedisCache, RedisCacheNoExceptions } from ${JSON.stringify(DIST)};
const url = process.argv[1];
const say = (line) => process.stdout.write(line + '\\n');
const clock = {
  now: () => performance.now(),
  get coarse() { return performance.now(); },
  after(ms, task) { const timer = setTimeout(task, ms).unref(); return () => clearTimeout(timer); },
};
const context = { clock, report() {} };
const record = (key) => ({ key: 'recollect-child:' + key, data: new Uint8Array(2_000), ttlMs: 1_000 });
`;

/** Runs a module over the built package in a process of its own, where an unhandled rejection is fatal. */
export async function runChild(body: string, url: string): Promise<Ended> {
  const flags = ['--unhandled-rejections=strict', '--expose-gc', '--input-type=module'];
  const child = spawn(process.execPath, [...flags, '-e', PRELUDE + body, url], {
    // The runner's own flags are not those of an application.
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  let stderr = '';
  let spoke = performance.now();
  createInterface(child.stdout).on('line', (line) => {
    spoke = performance.now();
    lines.push(line);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const killer = setTimeout(() => child.kill('SIGKILL'), 8_000);
  const exited = once(child, 'exit').then(() => performance.now());
  await once(child, 'close');
  clearTimeout(killer);
  return { code: child.exitCode, lines, stderr, lingeredMs: (await exited) - spoke };
}
