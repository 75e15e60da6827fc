-- Starts Prosody's own code on a configuration, up to the point where it would serve, and tells what it came to. No port
-- is bound and nothing is connected to; what is written goes into the folder given.
--
-- lua5.4 boot.lua SOURCE_FOLDER CONFIG DATA_FOLDER

local source, file, data = arg[1], arg[2], arg[3];

CFG_SOURCEDIR, CFG_CONFIGDIR, CFG_DATADIR = source, data, data;
CFG_PLUGINDIR = source .. "/modules/";
package.path = source .. "/?.lua;" .. package.path;
package.cpath = source .. "/?.so;" .. package.cpath;
arg = { [0] = "prosody", "--config", file };

local exit = os.exit;
local json = require "util.json";

-- A value as JSON can hold it.
local function plain(value, level)
	local kind = type(value);
	if value ~= value or value == -math.huge then
		return { kind = "number" };
	elseif value == math.huge then
		return { unlimited = true };
	elseif kind == "number" or kind == "string" or kind == "boolean" then
		return value;
	elseif kind == "nil" then
		return { absent = true };
	elseif kind ~= "table" or (level or 0) > 3 then
		return { kind = kind };
	elseif type(rawget(value, "_items")) == "table" then
		local list = {};
		for item in pairs(value._items) do list[#list + 1] = tostring(item); end
		table.sort(list);
		return { set = list };
	end
	local out = {};
	for k, v in pairs(value) do out[tostring(k)] = plain(v, (level or 0) + 1); end
	return { map = out };
end

local function say(answer)
	debug.sethook();
	io.stdout:write(json.encode(answer), "\n");
	io.stdout:flush();
	exit(0, true);
end

-- Replaces a module of Prosody's by itself, changed.
local function change(name, how)
	package.preload[name] = function ()
		local real = assert(loadfile(source .. "/" .. name:gsub("%.", "/") .. ".lua"))(name);
		how(real);
		return real;
	end;
end

-- What modules ask for. A getter may be made of others: what the module itself asked for counts.
local asked, depth = {}, 0;
change("core.moduleapi", function (api)
	for name, get in pairs(api) do
		if type(name) == "string" and name:match("^get_option") then
			api[name] = function (self, option, ...)
				depth = depth + 1;
				local results = table.pack(pcall(get, self, option, ...));
				depth = depth - 1;
				if not results[1] then error(results[2], 2); end
				if depth == 0 then
					asked[#asked + 1] = { host = self.host, module = self.name, option = option, value = plain(results[2]) };
				end
				return table.unpack(results, 2, results.n);
			end;
		end
	end
end);

-- Where it would listen.
local ports = {};
local nothing = setmetatable({}, { __index = function () return function () end; end });
change("net.server", function (server)
	server.listen = function (interface, port)
		ports[#ports + 1] = { interface = interface, port = port };
		return nothing;
	end;
	server.addserver = server.listen;
end);

-- Which releases of TLS each context takes.
local contexts = {};
local ssl = require "ssl";
local newcontext = ssl.newcontext;
ssl.newcontext = function (config)
	local options = {};
	for _, option in ipairs(config.options or {}) do options[option] = true; end
	contexts[#contexts + 1] = { mode = config.mode, protocol = config.protocol, options = options };
	return newcontext(config);
end;

-- Prosody prints what is wrong with a configuration and leaves.
local words = {};
_G.print = function (...)
	local line = table.pack(...);
	for i = 1, line.n do line[i] = tostring(line[i]); end
	words[#words + 1] = table.concat(line, "\t");
end;
os.exit = function () say({ refused = table.concat(words, "\n") }); end;

-- What each module made of its options: its variables when it has been read.
local made = {};
local function on_return()
	local info = debug.getinfo(2, "Sf");
	if info.what ~= "main" or not info.source:find("/modules/", 1, true) then return; end
	local _, env = debug.getupvalue(info.func, 1);
	local module = type(env) == "table" and rawget(env, "module");
	if not module then return; end
	local variables, i = {}, 1;
	while true do
		local name, value = debug.getlocal(2, i);
		if not name then break; end
		variables[name] = plain(value, 3);
		if type(value) == "table" and rawget(value, "_items") then variables[name] = plain(value); end
		i = i + 1;
	end
	made[#made + 1] = { host = module.host, module = module.name, variables = variables };
end

local startup = require "util.startup";
startup.init_logging = function () require "util.logger".reset(); end;
local broken;
local thread = require "util.async".runner(function (start)
	debug.sethook(on_return, "r");
	start();
	debug.sethook();
end, { error = function (_, err) broken = tostring(err); end });
thread:run(startup.prosody);
if broken then
	say({ broken = broken });
end

local modulemanager = require "core.modulemanager";
local config = require "core.configmanager";

-- A room as its service makes it.
local function room_of(host, session)
	local muc = session.modules.muc;
	if not muc then return nil; end
	local room = muc.create_room("oracle@" .. host);
	return room and {
		public = room:get_public();
		members_only = room:get_members_only();
		whois = room:get_whois();
		history = room:get_historylength();
	};
end

local hosts, global = {}, {};
for host, session in pairs(prosody.hosts) do
	local modules = {};
	for name in pairs(session.modules or {}) do modules[#modules + 1] = name; end
	table.sort(modules);
	hosts[host] = {
		component = config.get(host, "component_module") or false;
		modules = modules;
		authentication = session.users and session.users.name or false;
		room = room_of(host, session);
	};
end
for name in pairs(modulemanager.get_modules("*")) do global[#global + 1] = name; end
table.sort(global);

-- Which levels reach a log. Sinks of the system's log exist only in a process that serves.
local levels = {};
local logger = require "util.logger";
local add = logger.add_level_sink;
logger.add_level_sink = function (level, sink) levels[level] = true; return add(level, sink); end;
package.loaded["core.loggingmanager"] = nil;
require "core.loggingmanager".reload_logging();
logger.reset();

local written = {};
for host, section in pairs(config.getconfig()) do
	written[host] = {};
	for name, value in pairs(section) do written[host][name] = plain(value); end
end
say({
	version = prosody.version;
	hosts = hosts;
	global = global;
	asked = asked;
	made = made;
	ports = ports;
	contexts = contexts;
	levels = levels;
	written = written;
});
