import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The command lines of all processes that have this text in theirs: servers and guards name the directory they work in. */
export async function processesOf(text: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-Ao', 'pid=,args='], { maxBuffer: 1 << 24 });
  return stdout.split('\n').filter((line) => line.includes(text));
}

/** Waits until nothing of it runs, at most three seconds; returns what still does. */
export async function leftOf(text: string): Promise<string[]> {
  const giveUp = performance.now() + 3_000;
  for (;;) {
    const left = await processesOf(text);
    if (left.length === 0 || performance.now() > giveUp) return left;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The command lines of the processes that this one has started and that still run. */
export async function ownChildren(): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-Ao', 'ppid=,args=']);
  return stdout.split('\n').filter((line) => /^ *(\d+) (?!ps )/.exec(line)?.[1] === String(process.pid));
}
