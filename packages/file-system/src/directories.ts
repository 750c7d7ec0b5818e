import { type Disk, hasCode, unlessMissing } from './disk.js';
import type { Layout } from './layout.js';

const PRIVATE_DIRECTORY = 0o700;

/**
 * The directories below the root. Each is looked at every time before it is used: `O_NOFOLLOW` guards only the last
 * part of a path, so a link in place of a directory would lead outside.
 */
export class Directories {
  constructor(
    private readonly disk: Disk,
    private readonly layout: Layout,
  ) {}

  /** False when there is none. Rejects when what is there is no directory of ours. */
  async exists(path: string): Promise<boolean> {
    const stats = await unlessMissing(this.disk.lstat(path));
    if (stats === undefined) return false;
    if (stats.isSymbolicLink()) throw new Error(`${path} is a symbolic link; it is not followed`);
    if (!stats.isDirectory()) throw new Error(`${path} is not a directory`);
    if (process.geteuid !== undefined && stats.uid !== process.geteuid()) {
      throw new Error(`${path} is owned by user ${stats.uid}; it is not entered`);
    }
    return true;
  }

  async ensure(path: string): Promise<void> {
    if (await this.exists(path)) return;
    try {
      await this.disk.mkdir(path, { mode: PRIVATE_DIRECTORY });
    } catch (error) {
      // Another process was faster, or a person has removed the root.
      if (hasCode(error, 'ENOENT')) await this.disk.mkdir(path, { recursive: true, mode: PRIVATE_DIRECTORY });
      else if (!hasCode(error, 'EEXIST')) throw error;
    }
    await this.exists(path);
  }

  /** The names in a directory, none when it is missing. */
  async names(path: string): Promise<readonly string[]> {
    return (await this.exists(path)) ? ((await unlessMissing(this.disk.readdir(path))) ?? []) : [];
  }

  /** The directories that hold records. */
  async fan(): Promise<readonly string[]> {
    return this.layout.fan((await unlessMissing(this.disk.readdir(this.layout.root))) ?? []);
  }
}
