import { afterAll, describe, expect, test } from '@jest/globals';
import { RedisCache } from '@recollect/redis';
import { testRedisUrl, uniquePrefix } from '@recollect/testing/redis';
import { createClient } from '@redis/client';
import { BackendError } from 'recollect';
import { claimKeys, noteOf, refuseKey } from '../../src/atomic/claim-keys.js';
import { claimText, parseClaim } from '../../src/atomic/claim-text.js';
import { keySlot } from '../../src/route/key-slot.js';
import { atEnd } from '../support/open-cache.js';
import { bytes, collect, rejection } from '../support/operations.js';
import { testContext } from '../support/test-context.js';
import { asking, grant, MECHANISMS, openStore } from './support/store.js';

const prefix = uniquePrefix('notes');
const open = () => openStore({ url: testRedisUrl(), deadlineMs: 5_000 });

afterAll(async () => {
  const cache = new RedisCache({ url: testRedisUrl() }, testContext());
  await cache.clear(prefix);
  await cache.close();
});

const bytesOf = (key: string | Buffer) => Buffer.from(key as string);
const KEYS = ['k', 'shop:users:1::[1]', 'a{b}c', '{a}', 'a{b', '{b}', 'a{b}}', 'ü', 'ü{ü}'];

test('what is kept beside a key lies in its slot', () => {
  for (const key of KEYS) {
    const { record, lease, heartbeat, fence, channel } = claimKeys(key);
    expect(record).toBe(key);
    for (const note of [lease, heartbeat, fence, channel]) expect(keySlot(note)).toBe(keySlot(key));
  }
});

test('no note has the key of a record or of another note', () => {
  const keys = [...KEYS, ...KEYS.flatMap((key) => [`{${key}}`, `${key}@lease`, `{${key}}@lease`])];
  const distinct = [...new Set(keys)];
  const notes = distinct.flatMap((key) => {
    const { lease, heartbeat, fence } = claimKeys(key);
    return [lease, heartbeat, fence].map((note) => bytesOf(note).toString('hex'));
  });
  expect(new Set(notes).size).toBe(3 * distinct.length);
  // Those that a cache can have: they start with a namespace, which has no brace.
  const records = new Set(
    distinct.filter((key) => !key.startsWith('{')).map((key) => Buffer.from(key).toString('hex')),
  );
  for (const note of notes) expect(records).not.toContain(note);
});

test('notes are told from records', () => {
  for (const key of KEYS) {
    const { lease, heartbeat, fence } = claimKeys(key);
    expect([lease, heartbeat, fence].map((note) => noteOf(bytesOf(note)))).toEqual([
      'claim',
      'claim',
      'fence',
    ]);
  }
  for (const key of ['k', 'k@lease', '@lease', '{k}', '{k}@leases', 'a{b}@lease', '', '{k@lease'])
    expect(noteOf(Buffer.from(key))).toBeUndefined();
});

test('a claim is read back as it was written', () => {
  const claims = [
    { mode: 'at_least_once', token: 'a'.repeat(32), epoch: 'x:1', fence: undefined },
    { mode: 'at_most_once', token: '0'.repeat(32), epoch: '', fence: 12 },
  ] as const;
  for (const claim of claims) expect(parseClaim(claimText(claim))).toEqual(claim);
  for (const text of ['', 'x', 'labc', 'labc 1', 'zabc 1 e', 'labc x e', 'labc 1 e f'])
    expect(() => parseClaim(text)).toThrow(/none/);
});

describe.each(MECHANISMS)('by %s', (mechanism) => {
  const at = (key: string) => `${prefix}${mechanism}:${key}`;

  test.each(['a}b', 'a{}b', '}{'])('the key %p is refused, and no breaker opens', async (key) => {
    const { store } = openStore({ url: testRedisUrl(), mechanism, deadlineMs: 5_000 });
    expect(() => refuseKey(key)).toThrow(/hash tag/);
    for (let times = 0; times < 6; times++) {
      const error = await rejection(store.claim(asking(key)));
      expect(error).toBeInstanceOf(BackendError);
      expect(String(error)).toMatch(/failed to claim: the key ".*" has a "}" and no hash tag/);
    }
    await rejection(store.invalidate([at('fine'), key]));
    await rejection(store.settle({ key, data: bytes('x'), ttlMs: 1_000 }));
    await store.release(await grant(store, at('fine')));
  });

  test('what is in place of a claim and none of ours fails the operation and opens no breaker', async () => {
    const { cache, store } = openStore({ url: testRedisUrl(), mechanism, deadlineMs: 5_000 });
    await cache.write([{ key: `{${at('k')}}@lease`, data: bytes('nonsense'), ttlMs: 5_000 }]);
    for (let times = 0; times < 6; times++)
      expect(String(await rejection(store.claim(asking(at('k')))))).toMatch(/in place of a claim is none/);
    expect(await store.invalidate([at('k')])).toBe(0);
    await grant(store, at('k'));
  });

  test('keys are written with lives, and a fence number outlives its lease', async () => {
    const { store } = openStore({ url: testRedisUrl(), mechanism, deadlineMs: 5_000 });
    const raw = await createClient({ url: testRedisUrl() }).connect();
    atEnd(() => raw.close());
    const key = at('lives');
    const near = async (note: string, ms: number) => {
      const left = await raw.pTTL(`{${key}}@${note}`);
      expect(left).toBeGreaterThan(ms - 5_000);
      expect(left).toBeLessThanOrEqual(ms);
    };
    const month = 30 * 24 * 3_600_000;
    const lease = await grant(store, key, { numbered: true, leaseMs: 20_000, retentionMs: 90_000 });
    await near('lease', 20_000);
    await near('fence', month);
    expect(await raw.exists(`{${key}}@alive`)).toBe(0);
    await store.release(lease);
    const mode = 'at_most_once';
    const other = await grant(store, key, { mode, numbered: true, leaseMs: 20_000, retentionMs: 90_000 });
    expect(other.fence).toBe(2);
    await near('lease', 90_000);
    await near('alive', 20_000);
    await store.commit(other, { key, data: bytes('x'), ttlMs: 40_000 });
    expect(await raw.exists([`{${key}}@lease`, `{${key}}@alive`])).toBe(0);
    expect(await raw.get(`{${key}}@fence`)).toBe('2');
    expect(await raw.pTTL(key)).toBeGreaterThan(35_000);
  });

  test('a fence number that was lost is drawn from what the claim says', async () => {
    const { store } = openStore({ url: testRedisUrl(), mechanism, deadlineMs: 5_000 });
    const request = asking(at('drawn'), { numbered: true });
    const first = await store.claim(request);
    const raw = await createClient({ url: testRedisUrl() }).connect();
    atEnd(() => raw.close());
    await raw.unlink(`{${at('drawn')}}@fence`);
    expect(await store.claim(request)).toEqual(first);
  });
});

test('clearing breaks leases, whatever their keys; scanning shows none', async () => {
  const { cache, store } = open();
  const at = (key: string) => `${prefix}clear:${key}`;
  const keys = ['plain', 'with{tag}', 'other'].map(at);
  for (const mode of ['at_least_once', 'at_most_once'] as const) {
    const leases = [];
    for (const key of keys) leases.push(await grant(store, key, { mode, numbered: true }));
    await cache.write([{ key: at('record'), data: bytes('x'), ttlMs: 60_000 }]);
    expect(await collect(cache.scan(at('')))).toEqual([at('record')]);
    expect(await collect(cache.scan(`{${at('')}`))).toEqual([]);
    expect(await cache.clear(at(''))).toBe(1);
    for (const lease of leases) expect(await store.renew(lease, 1_000)).toBe(false);
  }
  const again = await grant(store, at('plain'), { numbered: true });
  expect(again.fence).toBe(3);
});

test('clearing leaves the leases of other namespaces alone', async () => {
  const { cache, store } = open();
  const kept = await grant(store, `${prefix}keep:k`);
  await cache.clear(`${prefix}kee:`);
  await cache.clear(`${prefix}other:`);
  expect(await store.renew(kept, 1_000)).toBe(true);
});
