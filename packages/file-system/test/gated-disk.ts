import * as fs from 'node:fs/promises';
import type { Disk } from '@recollect/file-system';
import type { Gate } from '@recollect/testing';

/** The real file system, but calls of one kind, or some of them, wait at a gate before they are made. */
export function gatedDisk(
  call: Exclude<keyof Disk, 'open'>,
  gate: Gate,
  applies: (path: string) => boolean = () => true,
): Disk {
  const disk: Disk = { ...fs };
  const real = disk[call] as (...args: unknown[]) => Promise<unknown>;
  const gated = async (...args: unknown[]) => {
    if (applies(String(args[0]))) await gate.opened;
    return real(...args);
  };
  return { ...disk, [call]: gated };
}
