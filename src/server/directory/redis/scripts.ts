// What Redis does atomically. All keys begin with `velha:`; they are not declared, so one Redis (with replicas) holds
// them all. Each script may be sent again: a server that does not know whether it ran repeats the announcement.
//   velha:servers  sorted set: server → when its lease ends, ms since 1970 by Redis's clock
//   velha:users    hash: user's key → fence;server;connectionId;user;free|playing;match attended
//   velha:names    sorted set, all with score 0, so in order of key: `<key> <user>:<free|playing>`, what `list` shows
//   velha:at:<server>  set: keys of the users there
//   velha:seen     sorted set: user's key → when last connected
//   velha:since    when this memory began
//   velha:leaders  sorted set: `<key> <user>` → negative points, so that the order is that of `leaders`
//   velha:leaders:additions  how often points were added, also while there was no leaderboard
// A fence is the time of a claim in microseconds, by Redis's clock, or the server's own while Redis was away. Of two
// claims for one user the greater fence stands.
import { defineScript } from "redis";

const PRELUDE = `
local function nowMicros() local t = redis.call('TIME') return t[1] * 1000000 + t[2] end
local function entryOf(key)
  local entry = redis.call('HGET', 'velha:users', key)
  if not entry then return nil end
  local fence, server, connection, user, state, attends = string.match(entry, '^(%d+);([^;]*);([^;]*);([^;]*);([^;]*);(.*)$')
  return { fence = tonumber(fence), server = server, connection = connection, shown = key .. ' ' .. user .. ':' .. state, attends = attends }
end
local function forget(key, entry)
  redis.call('HDEL', 'velha:users', key)
  redis.call('ZREM', 'velha:names', entry.shown)
  redis.call('SREM', 'velha:at:' .. entry.server, key)
  redis.call('ZADD', 'velha:seen', math.floor(nowMicros() / 1000), key)
end
`;

type Argument = string | Buffer;
interface Parser {
  push(...args: Argument[]): unknown;
}

/** Arguments are text; replies are text or lists of text. */
function script<Reply>(source: string) {
  return defineScript({
    SCRIPT: PRELUDE + source,
    NUMBER_OF_KEYS: 0,
    parseCommand: (parser: Parser, ...args: string[]) => void parser.push(...args),
    transformReply: (reply: unknown) => reply as Reply,
  });
}

export const scripts = {
  /**
   * server, key, user, connectionId, state, match attended or "", fence or 0 for a new claim → its fence; 0 when another
   * server claimed the user later. The previous server of the user is notified.
   */
  claim: script<string>(`
    local server, key, user, connection, state, attends = unpack(ARGV)
    local fence = tonumber(ARGV[7])
    local old = entryOf(key)
    local isOther = old and (old.server ~= server or old.connection ~= connection)
    if fence == 0 then fence = math.max(nowMicros(), old and old.fence + 1 or 0)
    elseif isOther and old.fence > fence then return '0' end
    if isOther and old.server ~= server then
      redis.call('SREM', 'velha:at:' .. old.server, key)
      redis.call('PUBLISH', 'velha:to:' .. old.server, cjson.encode({ replaced = old.connection }))
    end
    local shown = key .. ' ' .. user .. ':' .. state
    if old and old.shown ~= shown then redis.call('ZREM', 'velha:names', old.shown) end
    local text = string.format('%.0f', fence)
    redis.call('HSET', 'velha:users', key, table.concat({ text, server, connection, user, state, attends }, ';'))
    redis.call('ZADD', 'velha:names', 0, shown)
    redis.call('SADD', 'velha:at:' .. server, key)
    return text`),

  /** server, key, connectionId: removes the user, unless another connection has claimed it. */
  release: script<string>(`
    local old = entryOf(ARGV[2])
    if old and old.server == ARGV[1] and old.connection == ARGV[3] then forget(ARGV[2], old) end
    return 'done'`),

  /**
   * server, lease in ms, how long to remember who was seen, in ms → "held" or "lost" (was the lease there still?), "more"
   * or "done" (are there users of dead servers left?), then the servers that are alive. A server whose lease has not
   * expired removes those whose lease has. When all leases have expired, Redis itself was stopped, and each server may come
   * back. Points that a dead server stored may not have arrived here: the leaderboard is deleted too.
   */
  renew: script<string[]>(`
    local now = math.floor(nowMicros() / 1000)
    local server, lease, remember = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
    local ends = redis.call('ZSCORE', 'velha:servers', server)
    local isHeld = ends and tonumber(ends) > now
    redis.call('ZADD', 'velha:servers', now + lease, server)
    redis.call('SET', 'velha:since', now, 'NX')
    local dead = isHeld and redis.call('ZRANGEBYSCORE', 'velha:servers', '-inf', now, 'LIMIT', 0, 1)[1]
    if dead then
      local keys = redis.call('SPOP', 'velha:at:' .. dead, 500)
      for _, key in ipairs(keys) do
        local entry = entryOf(key)
        if entry and entry.server == dead then forget(key, entry) end
      end
      if #keys < 500 then redis.call('ZREM', 'velha:servers', dead) end
    end
    if dead or not isHeld then redis.call('DEL', 'velha:leaders') end
    redis.call('ZREMRANGEBYSCORE', 'velha:seen', '-inf', now - remember)
    local reply = redis.call('ZRANGEBYSCORE', 'velha:servers', '(' .. now, '+inf')
    table.insert(reply, 1, dead and 'more' or 'done')
    table.insert(reply, 1, isHeld and 'held' or 'lost')
    return reply`),

  /** server: it leaves; its remaining users are removed as those of any server without a lease. */
  depart: script<number>(`return redis.call('ZADD', 'velha:servers', 0, ARGV[1])`),

  /** → server, how many users are there, server, … of those that are alive */
  servers: script<string[]>(`
    local reply = {}
    for _, server in ipairs(redis.call('ZRANGEBYSCORE', 'velha:servers', '(' .. math.floor(nowMicros() / 1000), '+inf')) do
      table.insert(reply, server)
      table.insert(reply, tostring(redis.call('SCARD', 'velha:at:' .. server)))
    end
    return reply`),

  /** key → ms since the user was seen, match attended or "" */
  whereabouts: script<[string, string]>(`
    local entry = entryOf(ARGV[1])
    if entry then return { '0', entry.attends } end
    local seen = redis.call('ZSCORE', 'velha:seen', ARGV[1]) or redis.call('GET', 'velha:since')
    local now = math.floor(nowMicros() / 1000)
    return { string.format('%.0f', now - tonumber(seen or now)), '' }`),

  /** key, message → the server that received it, or "" */
  sendToUser: script<string>(`
    local entry = entryOf(ARGV[1])
    if entry and redis.call('PUBLISH', 'velha:to:' .. entry.server, ARGV[2]) > 0 then return entry.server end
    return ''`),

  /**
   * member, points, the remaining life from which on a leaderboard may already contain them, and the life that it then
   * gets, both in s. While there is no leaderboard the points are only in the store.
   */
  addPoints: script<number>(`
    if redis.call('EXISTS', 'velha:leaders') == 1 then
      redis.call('ZINCRBY', 'velha:leaders', -tonumber(ARGV[2]), ARGV[1])
      local isSoon = ARGV[2] ~= '0' and redis.call('TTL', 'velha:leaders') > tonumber(ARGV[3])
      if isSoon then redis.call('EXPIRE', 'velha:leaders', ARGV[4]) end
    end
    return redis.call('INCR', 'velha:leaders:additions')`),

  /** first, last → member, negative points, member, …; null: it has to be built */
  leaders: script<string[] | null>(`
    if redis.call('EXISTS', 'velha:leaders') == 0 then return false end
    return redis.call('ZRANGE', 'velha:leaders', ARGV[1], ARGV[2], 'WITHSCORES')`),

  /** draft → how many additions there were so far */
  startLeaders: script<string>(`
    redis.call('DEL', ARGV[1])
    return redis.call('GET', 'velha:leaders:additions') or '0'`),

  /** draft, additions when it was started, how long it lives, how long if there were more since, both in s */
  finishLeaders: script<number>(`
    if redis.call('EXISTS', ARGV[1]) == 0 then return 0 end
    local isSure = (redis.call('GET', 'velha:leaders:additions') or '0') == ARGV[2]
    redis.call('RENAME', ARGV[1], 'velha:leaders')
    return redis.call('EXPIRE', 'velha:leaders', isSure and ARGV[3] or ARGV[4])`),
};
