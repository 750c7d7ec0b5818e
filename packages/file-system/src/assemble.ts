import pLimit from 'p-limit';
import { AtomicWrite } from './atomic-write.js';
import { Bounds } from './bounds.js';
import { Deletion } from './deletion.js';
import { Directories } from './directories.js';
import type { Disk } from './disk.js';
import { Eviction } from './eviction.js';
import { Keys } from './keys.js';
import { Layout } from './layout.js';
import type { FileSystemCachePolicy } from './options.js';
import { RecordFiles } from './record-files.js';
import { Records } from './records.js';
import { Sweeper } from './sweeper.js';
import { TakeAway } from './take-away.js';
import { Turns } from './turns.js';
import { Verdicts } from './verdicts.js';
import { WallTime } from './wall-time.js';

/** How many files are worked on at a time: a read of a thousand keys must not take all descriptors of the process. */
const SLOTS = 64;

export interface Outside {
  readonly disk: Disk;
  now(): number;
  monotonic(): number;
  stopped(): boolean;
  failed(error: unknown): void;
}

/** What the cache is made of, as far as it speaks to it. */
export interface Machinery {
  readonly layout: Layout;
  readonly records: Records;
  readonly deletion: Deletion;
  readonly keys: Keys;
  readonly bounds: Bounds;
}

export function assemble(policy: FileSystemCachePolicy, outside: Outside): Machinery {
  const { disk, now, monotonic, stopped, failed } = outside;
  const layout = new Layout(policy.directory);
  const directories = new Directories(disk, layout);
  const files = new RecordFiles(disk, directories);
  const verdicts = new Verdicts(new WallTime(now, monotonic));
  const atomicWrite = new AtomicWrite(disk, layout, directories);
  const takeAway = new TakeAway(disk, layout, directories, files);
  const slots = pLimit(SLOTS);
  const turns = new Turns();
  const most = { files: policy.threshold, bytes: policy.maxBytes };
  const eviction = new Eviction({ disk, slots, most });
  const walk = { disk, layout, directories, takeAway, verdicts, eviction, slots };
  const sweeper = new Sweeper({ ...walk, stopped, failed });
  const bounds = new Bounds(most, (more, busy) => sweeper.sweep(more, busy));
  const records = new Records({ disk, layout, files, verdicts, atomicWrite, takeAway, bounds, turns, slots });
  const deletion = new Deletion({ disk, layout, directories, files, verdicts, takeAway, turns, slots });
  const keys = new Keys({ layout, directories, files, verdicts, deletion, turns, slots });
  return { layout, records, deletion, keys, bounds };
}
