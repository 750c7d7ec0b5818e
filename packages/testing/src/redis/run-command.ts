import { execFile } from 'node:child_process';

/**
 * What a command prints, or an error with the last lines it complained in.
 *
 * @param timeoutMs After which it is killed.
 */
export function runCommand(
  command: string,
  options: readonly string[],
  { cwd, timeoutMs }: { readonly cwd: string; readonly timeoutMs: number },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const settings = { cwd, timeout: timeoutMs, maxBuffer: 1 << 24, env: { ...process.env, LC_ALL: 'C' } };
    execFile(command, [...options], settings, (error, output, complaints) => {
      if (error === null) return resolve(output);
      const why = error.killed ? `no end after ${timeoutMs} ms` : complaints.trim() || error.message;
      reject(new Error(`${command}: ${why.split('\n').slice(-3).join(' | ')}`));
    });
  });
}
