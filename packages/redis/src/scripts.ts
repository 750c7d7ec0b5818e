import { createHash } from 'node:crypto';

/** A Lua script with the digest that Redis knows it by. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

export function script(text: string): Script {
  return Object.freeze({ text, sha: createHash('sha1').update(text).digest('hex') });
}

// Lua strings are bytes, so any data passes. `pcall`, because a value of another type is simply not equal.

/** Deletes a key if its value is byte for byte the one given: 1, else 0. */
export const COMPARE_AND_DELETE = script(
  "if redis.pcall('GET', KEYS[1]) == ARGV[1] then return redis.call('UNLINK', KEYS[1]) end return 0",
);

/** Sets a key, for `ARGV[3]` ms unless that is empty, if it is not there or its value is `ARGV[1]`: 1, else 0. */
export const COMPARE_AND_SET = script(`
local there = redis.pcall('GET', KEYS[1])
if there and there ~= ARGV[1] then return 0 end
if ARGV[3] == '' then redis.call('SET', KEYS[1], ARGV[2]) else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
return 1`);
