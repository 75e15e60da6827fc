local M = {}
function M.new(...) local self <close> = setmetatable({ n = select("#", ...) }, M) return self end
for i, v in ipairs(list) do if not v then goto continue end VirtualHost(v) x = i ::continue:: end
while a and b or c do repeat x = x + 1 until x >= 10 break end
if ENV_X ~= nil then VirtualHost "a" elseif y then option:append { 1 } else return end
M.t = { [f()] = 1, ["a b"] = 0x1p4, ... }
M.t.x, M.t["y"] = -2 ^ 2 // 3, ~5 >> 1
return M
