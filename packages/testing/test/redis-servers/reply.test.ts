import { describe, expect, test } from '@jest/globals';
import { type Reply, readReply } from '../../src/redis/reply.js';

describe('a reply', () => {
  test.each<[string, Reply]>([
    ['+OK\r\n', 'OK'],
    [':-3\r\n', -3],
    ['$5\r\nh\u00e9\r\n\r\n', 'h\u00e9\r\n'],
    ['$-1\r\n', null],
    ['*-1\r\n', null],
    ['*3\r\n:1\r\n*1\r\n$0\r\n\r\n*0\r\n', [1, [''], []]],
  ])('%p is read, and every part of it waited for', (text, reply) => {
    const bytes = Buffer.from(text);
    expect(readReply(bytes)).toEqual({ reply, end: bytes.length });
    for (let length = 0; length < bytes.length; length += 1)
      expect(readReply(bytes.subarray(0, length))).toBeUndefined();
  });

  test('that is an error is one', () => {
    expect(readReply(Buffer.from('-ERR no\r\n'))?.reply).toEqual(new Error('ERR no'));
  });

  test('of something else is refused', () => {
    expect(() => readReply(Buffer.from('HTTP/1.1 400\r\n'))).toThrow('no reply of a Redis: "HTTP/1.1 400"');
  });
});
