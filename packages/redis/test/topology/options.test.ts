import { describe, expect, test } from '@jest/globals';
import { RedisCache, type RedisCacheOptions } from '@recollect/redis';
import { createClient } from '@redis/client';
import { ConfigurationError } from 'recollect';
import { redisTarget } from '../../src/redis-target.js';
import { testContext } from '../support/test-context.js';

const refusal = (options: unknown): string => {
  try {
    new RedisCache(options as RedisCacheOptions, testContext());
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
};

const nodes = ['h:1'];
const cluster = { nodes };
const sentinel = { name: 'm', nodes };

describe('places that can be meant', () => {
  test.each<[unknown, object]>([
    ['h:7', { host: 'h', port: 7 }],
    ['h', { host: 'h', port: 6_379 }],
    ['10.0.0.1:7', { host: '10.0.0.1', port: 7 }],
    ['[::1]:7', { host: '::1', port: 7 }],
    ['redis://h', { host: 'h', port: 6_379 }],
    ['redis://h:7/', { host: 'h', port: 7 }],
    ['valkey://[::1]:7', { host: '::1', port: 7 }],
    [
      { host: 'h', port: 7 },
      { host: 'h', port: 7 },
    ],
    [{ host: '::1' }, { host: '::1', port: 6_379 }],
    [
      { host: '::1', port: 7 },
      { host: '::1', port: 7 },
    ],
  ])('%j', (node, expected) => {
    const { places } = redisTarget({ cluster: { nodes: [node as string] } });
    expect(places?.nodes).toEqual([expected]);
    expect(places?.sentinel).toBeUndefined();
  });

  test('sentinels have a usual port and credentials of their own', () => {
    const { places, access } = redisTarget({
      sentinel: { name: 'm', nodes: ['a', 'b:7'], username: 's', password: 'sp', tls: { servername: 'x' } },
      username: 'u',
      password: 'p',
      db: 2,
    });
    expect(places?.nodes).toEqual([
      { host: 'a', port: 26_379 },
      { host: 'b', port: 7 },
    ]);
    expect(places?.sentinel).toEqual({
      name: 'm',
      access: { socket: { servername: 'x', tls: true }, username: 's', password: 'sp' },
    });
    expect(access).toEqual({ socket: {}, username: 'u', password: 'p', database: 2 });
  });

  test('URLs ask for TLS: of a cluster everywhere, of sentinels only there', () => {
    const secure = ['rediss://a', 'valkeys://b:7'];
    expect(redisTarget({ cluster: { nodes: secure } }).access.socket).toEqual({ tls: true });
    expect(redisTarget({ cluster: { nodes: secure }, tls: { ca: 'c' } }).access.socket).toEqual({
      tls: true,
      ca: 'c',
    });
    const watched = redisTarget({ sentinel: { name: 'm', nodes: secure } });
    expect(watched.access.socket).toEqual({});
    expect(watched.places?.sentinel?.access.socket).toEqual({ tls: true });
  });

  test('addresses are translated, however they are written', () => {
    const addresses = { '10.0.0.1:7': 'localhost:1', '[::1]:7': '127.0.0.1:2' };
    const { places } = redisTarget({ cluster, addresses });
    const dialled = (host: string, port: number) => places?.dialled({ host, port });
    expect(dialled('10.0.0.1', 7)).toEqual({ host: 'localhost', port: 1 });
    expect(dialled('::1', 7)).toEqual({ host: '127.0.0.1', port: 2 });
    expect(dialled('10.0.0.1', 8)).toEqual({ host: '10.0.0.1', port: 8 });
  });
});

describe('places that cannot be meant are refused, naming option, value and what is accepted', () => {
  test.each<[unknown, RegExp]>([
    [{ cluster: 'h:1' }, /"cluster" is "h:1"; accepted: an object of nodes\./],
    [{ cluster: {} }, /"cluster.nodes" is undefined; accepted: a list of one address or more\./],
    [{ cluster: { nodes: [] } }, /"cluster.nodes" is an array; accepted: a list of one address or more\./],
    [{ cluster: { nodes: 'h:1' } }, /"cluster.nodes" is "h:1"; /],
    [{ cluster: { nodes: ['h:1', 'h:'] } }, /"cluster.nodes\[1\]" is "h:"; accepted: "host:port", a URL/],
    [{ cluster: { nodes: ['h:70000'] } }, /"cluster.nodes\[0\]" is "h:70000"; /],
    [{ cluster: { nodes: ['http://h:1'] } }, /"cluster.nodes\[0\]" is "http:\/\/h:1"; /],
    [{ cluster: { nodes: ['redis://h:1/2'] } }, /"cluster.nodes\[0\]" is "redis:\/\/h:1\/2"; /],
    [{ cluster: { nodes: [{ host: 'h', port: '1' }] } }, /"cluster.nodes\[0\]" is an object; /],
    [{ cluster: { nodes: [{ port: 1 }] } }, /"cluster.nodes\[0\]" is an object; /],
    [{ cluster: { nodes: [{ host: 'h', prot: 1 }] } }, /"cluster.nodes\[0\]" is an object; /],
    [{ cluster: { nodes: [null] } }, /"cluster.nodes\[0\]" is null; /],
    [{ cluster: { nodes, node: 1 } }, /"cluster.node" is of type number; accepted: no option of this name/],
    [
      { cluster: { nodes: ['rediss://a', 'b'] } },
      /"cluster.nodes" is an array; accepted: .* all ask for TLS/,
    ],
    [{ cluster: { nodes: ['rediss://a'] }, tls: false }, /"tls" is false; accepted: true or an object/],
    [{ cluster, db: 0 }, /"db" is 0; accepted: nothing beside "cluster"\./],
    [{ cluster, url: 'redis://h' }, /"url" is "redis:\/\/h"; accepted: nothing beside "cluster"\./],
    [{ cluster, host: 'h' }, /"host" is "h"; accepted: nothing beside "cluster"\./],
    [{ cluster, port: 1 }, /"port" is 1; accepted: nothing beside "cluster"\./],
    [{ cluster, client: createClient() }, /"client" is an object; accepted: nothing beside "cluster"\./],
    [{ cluster, sentinel }, /"sentinel" is an object; accepted: nothing beside "cluster"\./],
    [{ sentinel, url: 'redis://h' }, /"url" is "redis:\/\/h"; accepted: nothing beside "sentinel"\./],
    [{ sentinel, client: createClient() }, /"client" is an object; accepted: nothing beside "sentinel"\./],
    [{ sentinel: { nodes } }, /"sentinel.name" is undefined; accepted: the name of the master/],
    [{ sentinel: { name: '', nodes } }, /"sentinel.name" is ""; /],
    [{ sentinel: { name: 'm' } }, /"sentinel.nodes" is undefined; /],
    [{ sentinel: { ...sentinel, tls: 1 } }, /"sentinel.tls" is 1; accepted: true, false or an object/],
    [{ sentinel: { ...sentinel, username: 'u' } }, /"sentinel.username" is "u"; accepted: .*"password"/],
    [{ cluster, username: 'u' }, /"username" is "u"; accepted: a name with a "password"\./],
    [{ addresses: {} }, /"addresses" is an object; accepted: nothing without "cluster" or "sentinel"\./],
    [{ cluster, addresses: ['a:1'] }, /"addresses" is an array; accepted: an object of/],
    [{ cluster, addresses: { a: 'b:1' } }, /"addresses" is "a"; accepted: an object of/],
    [{ cluster, addresses: { 'a:1': 1 } }, /"addresses\["a:1"\]" is 1; accepted: a text "host:port"\./],
    [{ cluster, deadlineMs: 0 }, /deadlineMs is 0/],
    [{ sentinel, deadlineMs: 0 }, /deadlineMs is 0/],
  ])('%j', (options, message) => {
    expect(refusal(options)).toMatch(message);
  });

  test.each<[object]>([
    [{ sentinel: { ...sentinel, password: 12_345_678 } }],
    [{ sentinel: { ...sentinel, pasword: '12345678' } }],
    [{ cluster: { nodes: ['redis://u:12345678@h:1'] } }],
    [{ cluster: { nodes: ['u:12345678@h:1'] } }],
  ])('without giving away a secret: %j', (options) => {
    expect(refusal(options)).not.toMatch(/1234|5678/);
  });
});
