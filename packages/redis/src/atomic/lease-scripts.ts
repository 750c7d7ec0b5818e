import { script } from '../scripts.js';

// KEYS is always record, claim, heartbeat, fence, as far as a script needs them, and repeats for INVALIDATE. A channel is
// empty where nothing is to be published. `pcall` around PUBLISH alone: who may not publish still gets the change, and
// what is answered ends in whether the news were refused.

const TELL = `
local function tell(channel)
  if channel == '' then return 0 end
  local told = redis.pcall('PUBLISH', channel, '')
  return type(told) == 'table' and told.err and 1 or 0
end`;

/** Whether the claim is the one that starts so. */
const INTACT = `
local function intact(mark)
  local claim = redis.call('GET', KEYS[2])
  return claim and string.sub(claim, 1, #mark) == mark
end`;

/** What CLAIM answers first. */
export const CLAIM_ANSWERS = Object.freeze({ granted: 0, stored: 1, busy: 2, abandoned: 3 });

/**
 * ARGV: letter of the mode, token, epoch, life of the claim, life of the heartbeat, token to supersede or empty, life of a
 * fence number or empty, and, where a record is to be ignored, that record. Answers one of CLAIM_ANSWERS with the claim's
 * text, or with the record and its PTTL. MGET takes a value of another type for none. A record about to expire (PTTL 0)
 * is none, as it is for a read.
 */
export const CLAIM = script(`
local found = redis.call('MGET', KEYS[1], KEYS[2], KEYS[3])
local record, claim = found[1], found[2]
if record and record ~= ARGV[8] then
  local left = redis.call('PTTL', KEYS[1])
  if left ~= 0 then return {1, record, left} end
end
local token = claim and string.match(claim, '^.([^ ]+) ')
if claim and token ~= ARGV[2] and token ~= ARGV[6] then
  if string.sub(claim, 1, 1) == 'm' and found[3] ~= token then return {3, claim} end
  return {2, claim}
end
if token ~= ARGV[2] then
  local fence = ''
  if ARGV[7] ~= '' then
    fence = string.format('%.0f', redis.call('INCR', KEYS[4]))
    redis.call('PEXPIRE', KEYS[4], ARGV[7])
  end
  claim = ARGV[1] .. ARGV[2] .. ' ' .. fence .. ' ' .. ARGV[3]
end
redis.call('SET', KEYS[2], claim, 'PX', ARGV[4])
if ARGV[1] == 'm' then redis.call('SET', KEYS[3], ARGV[2], 'PX', ARGV[5]) end
return {0, claim}`);

/** ARGV: start of the claim, life, token where there is a heartbeat and else empty. 1 if the lease was intact, else 0. */
export const RENEW = script(`${INTACT}
if not intact(ARGV[1]) then return 0 end
if ARGV[3] == '' then redis.call('PEXPIRE', KEYS[2], ARGV[2])
else redis.call('SET', KEYS[3], ARGV[3], 'PX', ARGV[2]) end
return 1`);

/** ARGV: start of the claim, channel, data, life or empty. First whether the lease was intact. */
export const COMMIT = script(`${TELL}${INTACT}
if not intact(ARGV[1]) then return {0, 0} end
if ARGV[4] == '' then redis.call('SET', KEYS[1], ARGV[3]) else redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4]) end
redis.call('UNLINK', KEYS[2], KEYS[3])
return {1, tell(ARGV[2])}`);

/** ARGV: start of the claim, channel. First whether the lease was intact. */
export const RELEASE = script(`${TELL}${INTACT}
if not intact(ARGV[1]) then return {0, 0} end
redis.call('UNLINK', KEYS[2], KEYS[3])
return {1, tell(ARGV[2])}`);

/** ARGV: channel, data, life or empty. */
export const SETTLE = script(`${TELL}
if ARGV[3] == '' then redis.call('SET', KEYS[1], ARGV[2]) else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
redis.call('UNLINK', KEYS[2], KEYS[3])
return {1, tell(ARGV[1])}`);

/** ARGV: a channel for each three keys. First how many records there were. */
export const INVALIDATE = script(`${TELL}
local gone, refused = 0, 0
for at = 1, #ARGV do
  gone = gone + redis.call('UNLINK', KEYS[3 * at - 2])
  redis.call('UNLINK', KEYS[3 * at - 1], KEYS[3 * at])
  refused = tell(ARGV[at])
end
return {gone, refused}`);
