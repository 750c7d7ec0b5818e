import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from '@jest/globals';

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, '../..');
const bundles = mkdtempSync(join(tmpdir(), 'recollect-children-'));
// A child may be another user.
chmodSync(bundles, 0o755);
const built = new Map<string, string>();
const running = new Set<Child>();

afterAll(() => {
  for (const child of running) child.kill();
  rmSync(bundles, { recursive: true, force: true });
});

export interface Child {
  readonly pid: number;
  /** The next message; rejects when the child ends without one. */
  hear<Message>(): Promise<Message>;
  tell(message: unknown): void;
  kill(): void;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** Runs a program of the folder `children` on the sources, in a process of its own. */
export function startChild(
  program: string,
  task: object,
  options: { uid?: number; prefix?: readonly string[] } = {},
): Child {
  const [command, ...args] = [
    ...(options.prefix ?? []),
    process.execPath,
    bundle(program),
    JSON.stringify(task),
  ];
  const child = fork('', [], {
    execPath: command,
    execArgv: args,
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    ...(options.uid !== undefined && { uid: options.uid, gid: options.uid }),
  });
  return follow(child);
}

function follow(child: ChildProcess): Child {
  const messages: unknown[] = [];
  const waiting: ((message: unknown) => void)[] = [];
  child.on('message', (message) => {
    const next = waiting.shift();
    if (next === undefined) messages.push(message);
    else next(message);
  });
  const ended = new Promise<Awaited<Child['ended']>>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      running.delete(self);
      resolve({ code, signal });
    });
  });
  // Not everybody waits for the end.
  ended.catch(() => {});
  const self: Child = {
    pid: child.pid as number,
    ended,
    tell: (message) => void child.send(message as object),
    kill: () => void child.kill('SIGKILL'),
    async hear<Message>() {
      if (messages.length > 0) return messages.shift() as Message;
      const message = new Promise<unknown>((resolve) => waiting.push(resolve));
      const end = ended.then(({ code, signal }) => {
        throw new Error(`the child ended with ${code ?? signal} and without a word`);
      });
      return (await Promise.race([message, end])) as Message;
    },
  };
  running.add(self);
  return self;
}

/** One file of plain JavaScript: a child has neither the test runner's loader nor its names of packages. */
function bundle(program: string): string {
  const known = built.get(program);
  if (known !== undefined) return known;
  const esbuild = join(
    dirname(createRequire(import.meta.url).resolve('esbuild/package.json')),
    'bin/esbuild',
  );
  const file = join(bundles, `${basename(program)}.mjs`);
  execFileSync(esbuild, [
    join(here, 'children', `${program}.ts`),
    '--bundle',
    '--platform=node',
    '--format=esm',
    '--log-level=warning',
    `--alias:@recollect/file-system=${join(packages, 'file-system/src/index.ts')}`,
    // All that the sources take from it at run time.
    `--alias:recollect=${join(packages, 'recollect/src/model/errors.ts')}`,
    `--outfile=${file}`,
  ]);
  built.set(program, file);
  return file;
}
