import { beforeAll, expect, jest, test } from '@jest/globals';
import type { RedisCacheOptions } from '@recollect/redis';
import { type Certificates, makeCertificates, type OwnServer, startServer } from '@recollect/testing/redis';
import { BackendError } from 'recollect';
import { describeWithServers } from './support/describe-with-servers.js';
import { openCache } from './support/open-cache.js';
import { bytes, eventually, rejection } from './support/operations.js';

jest.setTimeout(30_000);

const record = { key: 'tls:k', data: bytes('x'), ttlMs: 60_000 };

describeWithServers('a server that speaks TLS', () => {
  let own: Certificates;
  let foreign: Certificates;
  let server: OwnServer;
  let url: string;
  beforeAll(async () => {
    [own, foreign] = await Promise.all([makeCertificates(), makeCertificates()]);
    server = await startServer({ tls: own });
    url = server.tlsUrl as string;
    return async () => {
      await server.stop();
      await Promise.all([own.remove(), foreign.remove()]);
    };
  });

  const open = (tls: RedisCacheOptions['tls'], options: RedisCacheOptions = { url }) =>
    openCache({ deadlineMs: 5_000, ...options, ...(tls !== undefined && { tls }) });

  test('is used where its authority is trusted, on every kind of connection', async () => {
    const { cache, reported } = open({ ca: own.ca });
    expect(await cache.write([record])).toBe(true);
    expect(await cache.fill({ ...record, data: bytes('y') }, record.data)).toBe(true);
    const large = { ...record, key: 'tls:large', data: new Uint8Array(2 ** 20) };
    expect(await cache.write([large])).toBe(true);
    expect((await cache.read([large.key]))[0]?.data.byteLength).toBe(2 ** 20);
    expect(await cache.clear('tls:')).toBe(2);
    expect(reported).toEqual([]);
  });

  test.each<[string, () => RedisCacheOptions['tls'], RegExp]>([
    ['of another authority', () => ({ ca: foreign.ca }), /certificate|issuer/i],
    ['of an authority nobody has heard of', () => true, /certificate|self-signed/i],
    ['for another name', () => ({ ca: own.ca, servername: 'shop.example' }), /altnames|shop\.example/i],
  ])('with a certificate %s is refused, reported once, and tried again', async (_, tls, why) => {
    const { cache, clock, reported } = open(tls());
    const error = await rejection(cache.read(['tls:k']));
    expect(error).toBeInstanceOf(BackendError);
    expect(String(error)).toMatch(why);
    // At once, and without another attempt.
    expect(String(await rejection(cache.write([record])))).toMatch(why);
    expect(reported).toEqual([{ operation: 'background', error: expect.any(BackendError) }]);
    expect(cache.health()).toMatchObject({ ok: true, degraded: true, reasons: ['no connection'] });
    for (let attempt = 0; attempt < 3; attempt++) {
      clock.advance(2_000);
      await eventually(async () =>
        expect(await rejection(cache.read(['tls:k']))).toBeInstanceOf(BackendError),
      );
    }
    expect(reported).toHaveLength(1);
  });

  test('is found when the authority is trusted after all', async () => {
    // The clock of the test runs far ahead of a handshake.
    const { cache, clock } = open({ ca: foreign.ca }, { url, connectTimeoutMs: 2 ** 31 - 1 });
    await rejection(cache.read(['tls:k']));
    await server.restart({
      'tls-cert-file': foreign.certFile,
      'tls-key-file': foreign.keyFile,
      'tls-ca-cert-file': foreign.caFile,
    });
    try {
      await eventually(async () => {
        clock.advance(2_000);
        expect(await cache.write([record])).toBe(true);
      });
    } finally {
      await server.restart({
        'tls-cert-file': own.certFile,
        'tls-key-file': own.keyFile,
        'tls-ca-cert-file': own.caFile,
      });
    }
  });

  test('does not understand who speaks none: that ends, and says so', async () => {
    const { cache, clock } = open(undefined, { url: url.replace('rediss:', 'redis:') });
    const failed = rejection(cache.read(['tls:k']));
    const late = eventually(async () => {
      clock.advance(500);
      expect(cache.health().degraded).toBe(true);
    });
    await late;
    expect(String(await failed)).toMatch(/RedisCache failed to read/);
  });

  test('that asks for a certificate is shown ours', async () => {
    const strict = await startServer({ tls: own, settings: { 'tls-auth-clients': 'yes' } });
    const at = { url: strict.tlsUrl as string };
    try {
      const stranger = open({ ca: own.ca }, at);
      expect(String(await rejection(stranger.cache.read(['tls:k'])))).toMatch(/alert|ECONNRESET|closed/i);
      const known = open({ ca: own.ca, cert: own.cert, key: own.key }, at);
      expect(await known.cache.write([record])).toBe(true);
    } finally {
      await strict.stop();
    }
  });
});
