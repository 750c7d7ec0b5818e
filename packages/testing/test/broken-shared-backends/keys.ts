import { MemorySharedBackend } from '@recollect/testing';
import { BackendError, type SharedRecord } from 'recollect';
import { type BrokenBackends, keying, reading, scanning } from './broken.js';

const glob = (prefix: string) =>
  new RegExp(
    `^${prefix
      .replace(/[.+^$()|]/g, '\\$&')
      .replace(/\{/g, '\\{')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')}`,
  );

export const BROKEN_KEYS: BrokenBackends = [
  [
    'takes upper case for lower',
    keying((key) => key.toLowerCase()),
    ['keeps keys with awkward characters apart'],
  ],
  ['normalises Unicode', keying((key) => key.normalize('NFC')), ['keeps keys with awkward characters apart']],
  [
    'takes keys for paths',
    keying((key) => key.replace('\0', '').replaceAll('/', '')),
    ['keeps keys with awkward characters apart'],
  ],
  ['cuts long keys', keying((key) => key.slice(0, 4_000)), ['keeps very long keys apart']],
  [
    'looks keys up in an object',
    reading((records, keys) =>
      records.map((record, index) => record ?? ({} as Record<string, SharedRecord>)[keys[index] ?? '']),
    ),
    ['takes no inherited property for a record'],
  ],
  [
    'scans for the prefix anywhere',
    scanning((_, prefix, all) => all.filter((key) => key.includes(prefix))),
    ['scans what starts with the prefix, and nothing else'],
  ],
  [
    'scans for a delimited prefix',
    scanning((keys, prefix) =>
      keys.filter((key) => prefix.endsWith(':') || key === prefix || key.startsWith(`${prefix}:`)),
    ),
    ['scans what starts with the prefix, and nothing else'],
  ],
  [
    'takes a prefix for a glob',
    scanning((_, prefix, all) => all.filter((key) => glob(prefix).test(key))),
    ['takes the characters of a glob in a prefix literally'],
  ],
  [
    'scans one page',
    scanning((keys) => keys.slice(0, 1_000)),
    ['scans each of many keys once, whatever is written meanwhile'],
  ],
  [
    'scans some keys twice',
    scanning((keys) => (keys.length > 1_000 ? [...keys, keys[0] ?? ''] : keys)),
    ['scans each of many keys once, whatever is written meanwhile'],
  ],
  [
    'scans by position',
    class extends MemorySharedBackend {
      override async *scan(prefix: string) {
        for (let index = 0; index < this.records.size; index += 1) {
          const key = [...this.records.keys()][index] ?? '';
          if (key.startsWith(prefix)) yield key;
        }
      }
    },
    ['goes on scanning while what it yields is deleted'],
  ],
  [
    'holds everything up while a scan is open',
    class extends MemorySharedBackend {
      #open = false;
      override async *scan(prefix: string) {
        this.#open = true;
        yield* super.scan(prefix);
        this.#open = false;
      }
      override async read(keys: readonly string[]) {
        if (this.#open) throw new BackendError(this.kind, 'read', new Error('a cursor is open'));
        return super.read(keys);
      }
    },
    ['can be left in the middle of a scan'],
  ],
  [
    'clears everything',
    class extends MemorySharedBackend {
      override clear() {
        return super.clear('');
      }
    },
    ['clears what starts with the prefix, and nothing else', 'clears many keys and says how many there were'],
  ],
];
