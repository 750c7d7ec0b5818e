/**
 * Tests that are rows without saying so in their names.
 *
 * @type {readonly { row: string, file: string, name: RegExp }[]}
 */
export const UNNAMED_ROWS = [
  { row: 'F1', file: 'packages/redis/test/faults.test.ts', name: /is killed fails what is under way/ },
  { row: 'F2', file: 'packages/redis/test/faults.test.ts', name: /is frozen costs each call/ },
  { row: 'F3', file: 'packages/redis/test/faults.test.ts', name: /pauses its clients/ },
  { row: 'F4', file: 'packages/redis/test/faults.test.ts', name: /kills its clients again and again/ },
  { row: 'F6', file: 'packages/redis/test/faults.test.ts', name: /is slow(er)? (within|than) the deadline/ },
  { row: 'F7', file: 'packages/redis/test/faults.test.ts', name: /goes dark/ },
  { row: 'F10', file: 'packages/redis/test/flipped-bytes.test.ts', name: /a flipped byte in each/ },
  { row: 'F10', file: 'packages/redis/test/outage.test.ts', name: /a malformed reply ends the connection/ },
  { row: 'F11', file: 'packages/redis/test/faults.test.ts', name: /is full serves every hit/ },
  { row: 'F32', file: 'packages/file-system/test/full-disk.test.ts', name: /a full disk|can only be read/ },
  { row: 'F32', file: 'packages/file-system/test/processes.test.ts', name: /a writer killed/ },
  { row: 'F32', file: 'packages/file-system/test/torn-reads.test.ts', name: /reads is torn/ },
  { row: 'F32', file: 'packages/file-system/test/symlinks.test.ts', name: /a symbolic link/ },
];

/** The files in which every row has its number in its name. */
export const NAMED_ROWS = 'packages/[^/]+/test/(.+/)?faults[^/]*[.]test[.]ts$';

/** @param {string} file from the root @param {string} name with those of the groups around it */
export function rowOf(file, name) {
  const [, named] = /\b(F\d+): /.exec(name) ?? [];
  return named ?? UNNAMED_ROWS.find((each) => each.file === file && each.name.test(name))?.row;
}
