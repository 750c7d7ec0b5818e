import { type CommandParser, defineScript, type RedisScripts } from '@redis/client';

/**
 * Deletes a key if its value is byte for byte the one given: 1, else 0. Lua strings are bytes, so any data passes.
 * `pcall`, because the value of a key of another type is simply not equal.
 */
export const compareAndDelete: RedisScripts[string] = defineScript({
  SCRIPT: "if redis.pcall('GET', KEYS[1]) == ARGV[1] then return redis.call('UNLINK', KEYS[1]) end return 0",
  NUMBER_OF_KEYS: 1,
  parseCommand(parser: CommandParser, key: string, data: Buffer) {
    parser.pushKey(key);
    parser.push(data);
  },
  transformReply: (reply: number) => reply,
});
