-- A Wireshark dissector of the velha protocol. It shows each message by its name, in the Info column and in the tree.
-- Use:  wireshark -X lua_script:docs/velha.lua      or      tshark -X lua_script:docs/velha.lua -r FILE
-- It recognises the protocol by the first line of a connection, on any port. It cannot read what runs under TLS.
local velha = Proto("velha", "Velha")

local fields = {
  name = ProtoField.string("velha.message", "Message"),
  block = ProtoField.string("velha.block", "Block"),
}
velha.fields = { fields.name, fields.block }

-- The first line of every connection that is not TLS (docs/PROTOCOL.md).
local OPENINGS = { secport = true, heartbeat = true, join = true }
local LONGEST_LINE_BYTES = 65536
local NEWLINE = 10

-- The length in bytes of the line that begins at `from`, including its LF; nil if the line is incomplete.
local function line_length(bytes, from)
  for at = from, bytes:len() - 1 do
    if bytes:get_index(at) == NEWLINE then return at - from + 1 end
  end
  return nil
end

local function add_message(range, tree)
  local line = range:string():gsub("\r?\n$", "")
  local name = line:match("^[^;]*")
  local message = tree:add(velha, range, "Velha " .. name)
  message:add(fields.name, range(0, #name), name)
  local at = #name + 1
  for block in line:sub(at + 1):gmatch("[^;]+") do
    local start = line:find(block, at + 1, true)
    message:add(fields.block, range(start - 1, #block), block)
    at = start + #block - 1
  end
  return name
end

function velha.dissector(buffer, packet, root)
  local bytes = buffer:bytes()
  local from, names = 0, {}
  while from < bytes:len() do
    local length = line_length(bytes, from)
    if not length then
      if bytes:len() - from >= LONGEST_LINE_BYTES then return 0 end
      packet.desegment_offset = from
      packet.desegment_len = DESEGMENT_ONE_MORE_SEGMENT
      break
    end
    if length > 1 then table.insert(names, add_message(buffer(from, length), root)) end
    from = from + length
  end
  packet.cols.protocol = "VELHA"
  if #names > 0 then packet.cols.info = table.concat(names, ", ") end
  return buffer:len()
end

velha:register_heuristic("tcp", function(buffer, packet, root)
  local head = buffer(0, math.min(buffer:len(), 64)):string()
  if not OPENINGS[head:match("^(%l+);") or ""] then return false end
  packet.conversation = velha
  velha.dissector(buffer, packet, root)
  return true
end)
