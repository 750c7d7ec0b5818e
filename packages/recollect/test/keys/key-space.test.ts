import { describe, expect, test } from '@jest/globals';
import { canonicalArguments } from '../../src/keys/canonical.js';
import { digestHex } from '../../src/keys/digest.js';
import { KeySpace } from '../../src/keys/key-space.js';
import { KeyError } from '../../src/model/errors.js';

const space = new KeySpace('shop');
const LONG = 'x'.repeat(161);

test('what the keys look like', () => {
  const lane = space.lane('UserService.profile', '2', '"t1"');
  expect(space.root).toBe('shop:');
  expect(lane).toBe('shop:UserService.profile:2:%0022t1%0022:');
  expect(space.entry(lane, canonicalArguments(['u1', 42]) as string)).toBe(`${lane}"u1",42`);
  expect(space.entry(lane, '')).toBe(lane);
  expect(space.manual('session:7')).toBe('shop:$:session:7');
  expect(space.siteVersion('UserService.profile')).toBe('shop:%:UserService.profile');
  expect(space.namespaceVersion).toBe('shop:%');
});

test('a canonical form of 160 units is readable, a longer one is its digest', () => {
  const lane = space.lane('a', '', '');
  const short = canonicalArguments(['x'.repeat(158)]) as string;
  const long = canonicalArguments(['x'.repeat(159)]) as string;
  expect(space.entry(lane, short)).toBe(lane + short);
  expect(space.entry(lane, long)).toBe(`${lane}~${digestHex(long)}`);
});

test.each([
  ['users', 'users:'],
  ['a:b', 'a%003ab:'],
  ['a%3a', 'a%00253a:'],
  ['us*rs[u]{x}', 'us%002ars%005bu%005d%007bx%007d:'],
  ['é\ud800\ud83d\ude00', '%00e9%d800%d83d%de00:'],
  ['$', '%0024:'],
  ['$$', '$$:'],
  ['%', '%0025:'],
  ['', ':'],
  ['a\0\r\n', 'a%0000%000d%000a:'],
  [LONG, `~${digestHex(LONG)}:`],
  [':'.repeat(33), `~${digestHex(':'.repeat(33))}:`],
  [`~${digestHex(LONG)}`, `%007e${digestHex(LONG)}:`],
])('namespace %j', (namespace, root) => {
  expect(new KeySpace(namespace).root).toBe(root);
});

test('no root is a prefix of another', () => {
  const names = [
    'users',
    'usersAbc',
    'us*rs',
    '[u]sers',
    'users:',
    'users:Abc',
    '',
    ':',
    '%',
    '$',
    'constructor',
    '__proto__',
  ];
  const roots = names.map((name) => new KeySpace(name).root);
  expect(roots.filter((root, i) => roots.some((other, j) => i !== j && other.startsWith(root)))).toEqual([]);
});

test('no site takes a reserved place', () => {
  const reserved = [space.manual('a'), space.siteVersion('a'), space.namespaceVersion, space.siteVersion('')];
  for (const site of ['$', '%', '', '$:', '%:', '%0024', '%0025', ':', '~']) {
    const lane = space.lane(site, '', '');
    expect(reserved.filter((key) => key.startsWith(lane) || lane.startsWith(`${key}:`))).toEqual([]);
  }
});

describe('manual keys', () => {
  const DIGESTED = ['~', '~a', `~${digestHex(LONG)}`, LONG, '\ud800', '\ud801', 'a\udc00', '\ud83d'];
  const READABLE = [
    'a',
    ':',
    'a:b',
    '%',
    '$',
    '"',
    '\0',
    '\r\n',
    'é',
    '\ud83d\ude00',
    'a~',
    '__proto__',
    'x'.repeat(160),
    '*',
  ];

  test.each(READABLE)('%j is readable and found again', (key) => {
    expect(space.manual(key)).toBe(`shop:$:${key}`);
    expect(space.manualKeyOf(space.manual(key))).toBe(key);
  });

  test.each(DIGESTED)('%j is a digest and not found again', (key) => {
    expect(space.manual(key)).toBe(`shop:$:~${digestHex(key)}`);
    expect(space.manualKeyOf(space.manual(key))).toBeUndefined();
  });

  test('all differ', () => {
    expect(new Set([...READABLE, ...DIGESTED].map((key) => space.manual(key))).size).toBe(
      READABLE.length + DIGESTED.length,
    );
  });

  test('nothing else is taken for one', () => {
    const others = [
      '',
      'shop',
      'shop:$',
      'shop:$:',
      `shop:$:${LONG}`,
      'shop:%:a',
      'shop:a:1::',
      'shops:$:a',
      'other:$:a',
    ];
    expect(others.filter((key) => space.manualKeyOf(key) !== undefined)).toEqual([]);
  });

  test('a prefix finds exactly the readable keys that have it, and none finds all', () => {
    const keys = [...READABLE, ...DIGESTED];
    const prefixes = [
      'a',
      'a:',
      ':',
      '\ud83d\ude00',
      '~',
      `~${digestHex(LONG).slice(0, 4)}`,
      'x'.repeat(160),
      LONG,
      'nothing',
    ];
    for (const prefix of prefixes) {
      const text = space.manualPrefix(prefix);
      const found = keys.filter((key) => space.manual(key).startsWith(text));
      expect(found).toEqual(READABLE.filter((key) => key.startsWith(prefix)));
    }
    expect(keys.every((key) => space.manual(key).startsWith(space.manualPrefix('')))).toBe(true);
    expect(space.namespaceVersion.startsWith(space.manualPrefix(''))).toBe(false);
  });

  test.each<[string, () => unknown, string]>([
    ['empty', () => space.manual(''), 'key is empty'],
    ['number', () => space.manual(1 as never), 'key is of type number'],
    ['null', () => space.manual(null as never), 'key is of type null'],
    ['too long', () => space.manual('x'.repeat(262_145)), 'key has 262145 UTF-16 units'],
    ['prefix of another type', () => space.manualPrefix(undefined as never), 'key is of type undefined'],
    ['half a surrogate pair as prefix', () => space.manualPrefix('\ud83d'), 'key is not well-formed Unicode'],
  ])('refused: %s', (_, run, message) => {
    expect(run).toThrow(KeyError);
    expect(run).toThrow(message);
    expect(run).toThrow(expect.objectContaining({ argument: 0 }));
  });

  test('the longest key that is taken', () => {
    expect(space.manual('x'.repeat(262_144))).toMatch(/^shop:\$:~[0-9a-f]{32}$/);
  });
});
