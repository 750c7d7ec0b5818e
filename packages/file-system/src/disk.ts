import type * as promises from 'node:fs/promises';

/** What is asked of the file system: exactly these functions of `node:fs/promises`. */
export type Disk = Pick<
  typeof promises,
  'link' | 'lstat' | 'mkdir' | 'open' | 'readdir' | 'rename' | 'unlink'
>;

/** True when the error is one of the system's with such a code. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' && codes.includes(code);
}

/** The result, or `undefined` where there is no such file: another process may always have been first to remove it. */
export async function unlessMissing<Result>(work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** True when there was something to remove. */
export async function unlink(disk: Disk, path: string): Promise<boolean> {
  return (await unlessMissing(disk.unlink(path).then(() => true))) ?? false;
}
