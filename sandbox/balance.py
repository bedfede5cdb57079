"""What Redis holds for the gateway: leases with what is left of them, and who has reserved how much.

    sandbox:current:<award>   the lease its requests reserve on
    sandbox:lease:<id>        hash: lot, left (GPU-ms), pending (requests), until (ms since 1970)
    sandbox:pending           hash: request id → the reservation, as JSON
    sandbox:alive:<instance>  a web process that lives
    sandbox:key:<digest>      what a key opens, for a minute; empty: nothing
    sandbox:shut:<key>        a key that was revoked a moment ago

Losing all of it can only under-spend: what the database holds for a lease stays held until the lease is
closed, and a lease missing here is never reserved on again. Every change is one Lua script, so it
happens as a whole. Each function works with redis-py's async client (await it) and its sync one.
"""

import json
from typing import Any

PENDING = "sandbox:pending"
LEASE = "sandbox:lease:"
CURRENT = "sandbox:current:"
ALIVE = "sandbox:alive:"
KEY = "sandbox:key:"
SHUT = "sandbox:shut:"
KEY_SECONDS = 60
DAY_MS = 86_400_000

_NOW = "local t = redis.call('TIME'); local now = t[1] * 1000 + math.floor(t[2] / 1000)\n"

OPEN = """
local opens = redis.call('GET', KEYS[1])
if not opens or opens == '' then return opens end
if redis.call('EXISTS', ARGV[1] .. cjson.decode(opens).key) == 1 then return '' end
return opens
"""

RESERVE = (
    _NOW
    + """
local id = redis.call('GET', KEYS[1])
if not id then return {'none', '', 0, 0} end
local lease = ARGV[5] .. id
local got = redis.call('HMGET', lease, 'left', 'until', 'lot')
if not got[1] then return {'none', '', 0, 0} end
local left, most, least = tonumber(got[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
if now > tonumber(got[2]) then return {'stale', id, left, got[3]} end
if left < least then return {'low', id, left, got[3]} end
local take = math.min(left, most)
local record = cjson.decode(ARGV[4])
record.lease, record.lot, record.reserved, record.at = tonumber(id), tonumber(got[3]), take, now
redis.call('HINCRBY', lease, 'left', -take)
redis.call('HINCRBY', lease, 'pending', 1)
redis.call('HSET', KEYS[2], ARGV[1], cjson.encode(record))
return {'ok', id, take, got[3]}
"""
)

# The true amount is known: the difference can be reserved by others at once.
FINISH = """
local found = redis.call('HGET', KEYS[1], ARGV[1])
if not found then return 0 end
local record, cost = cjson.decode(found), tonumber(ARGV[2])
local lease = ARGV[4] .. record.lease
if redis.call('EXISTS', lease) == 1 then redis.call('HINCRBY', lease, 'left', record.reserved - cost) end
record.reserved, record.used = cost, cjson.decode(ARGV[3])
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(record))
return 1
"""

# The database has it: nothing is pending any more.
FORGET = """
local found = redis.call('HGET', KEYS[1], ARGV[1])
if not found then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
local lease = ARGV[2] .. cjson.decode(found).lease
if redis.call('EXISTS', lease) == 1 then redis.call('HINCRBY', lease, 'pending', -1) end
return 1
"""

INSTALL = (
    _NOW
    + """
redis.call('HSET', KEYS[2], 'lot', ARGV[2], 'left', ARGV[3], 'pending', 0, 'until', now + ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[5])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[5])
return 1
"""
)

CREDIT = (
    _NOW
    + """
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HINCRBY', KEYS[1], 'left', ARGV[1])
redis.call('HSET', KEYS[1], 'until', now + ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return 1
"""
)

RETIRE = """
local pending = redis.call('HGET', KEYS[1], 'pending')
if not pending then return 'lost' end
if tonumber(pending) > 0 then return 'busy' end
redis.call('DEL', KEYS[1])
return 'retired'
"""


def open_key(client: Any, digest: str) -> Any:
    """What the cache knows of a key: None when nothing, empty when it opens nothing."""
    return client.eval(OPEN, 1, f"{KEY}{digest}", SHUT)


def reserve(
    client: Any, award_id: int, request_id: str, most: int, least: int, record: dict[str, Any]
) -> Any:
    """Reserve up to `most`, at least `least`. Gives [ok | none | stale | low, lease, amount or left, lot]."""
    told = json.dumps(record)
    return client.eval(RESERVE, 2, f"{CURRENT}{award_id}", PENDING, request_id, most, least, told, LEASE)


def finish(client: Any, request_id: str, cost: int, used: dict[str, Any]) -> Any:
    return client.eval(FINISH, 1, PENDING, request_id, cost, json.dumps(used), LEASE)


def forget(client: Any, request_id: str) -> Any:
    return client.eval(FORGET, 1, PENDING, request_id, LEASE)


def install(client: Any, award_id: int, lease_id: int, lot_id: int, gpu_ms: int, live_ms: int) -> Any:
    """Make a lease the one an award's requests reserve on, for `live_ms`."""
    names = (f"{CURRENT}{award_id}", f"{LEASE}{lease_id}")
    return client.eval(INSTALL, 2, *names, lease_id, lot_id, gpu_ms, live_ms, DAY_MS)


def credit(client: Any, award_id: int, lease_id: int, gpu_ms: int, live_ms: int) -> Any:
    """Add to a lease and let it live on; a lease that is lost here stays lost."""
    names = (f"{LEASE}{lease_id}", f"{CURRENT}{award_id}")
    return client.eval(CREDIT, 2, *names, gpu_ms, live_ms, DAY_MS)


def retire(client: Any, lease_id: int) -> Any:
    """Take a lease away unless requests are pending on it: retired, busy, or lost (not here at all)."""
    return client.eval(RETIRE, 1, f"{LEASE}{lease_id}")
