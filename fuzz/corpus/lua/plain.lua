-- A small server.
admins = { "root@example.org"; }
modules_enabled = { "roster", "tls", "mam" }
local day = 60 * 60 * 24
expires = day * 7
log = { info = "/var/log/x.log", "*syslog", { levels = { "error" }, to = "console" } }
banner = [[
two
lines]] .. "\n" .. 'three'
VirtualHost "example.org"
	secret = os.getenv("SECRET") or "x"
Component ("rooms." .. host) "muc" { name = "Rooms" }
Include "conf.d/*.lua"
