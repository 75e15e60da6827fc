-- Starts Prosody's own code on a configuration, up to the point where it would serve, and tells what it came to:
-- which modules each host has, whether they loaded, and what each of them was told for each option it asked for.
-- No port is bound, and nothing is written outside of the folder given.
--
-- lua5.4 boot.lua SOURCE_FOLDER CONFIG DATA_FOLDER

local source, file, data = arg[1], arg[2], arg[3];

CFG_SOURCEDIR = source;
CFG_CONFIGDIR = data;
CFG_PLUGINDIR = source .. "/modules/";
CFG_DATADIR = data;
package.path = source .. "/?.lua;" .. package.path;
package.cpath = source .. "/?.so;" .. package.cpath;
arg = { [0] = "prosody", "--config", file };

local exit = os.exit;
local json = require "util.json";
local asked = {};

-- Replaces a module of Prosody's by itself, changed.
local function change(name, how)
	package.preload[name] = function ()
		local real = assert(loadfile(source .. "/" .. name:gsub("%.", "/") .. ".lua"))(name);
		how(real);
		return real;
	end;
end

-- What every module asks for. A getter may be made of others: what the module itself asked for counts.
local depth = 0;
change("core.moduleapi", function (api)
	for name, get in pairs(api) do
		if type(name) == "string" and name:match("^get_option") then
			api[name] = function (self, option, ...)
				depth = depth + 1;
				local results = table.pack(get(self, option, ...));
				depth = depth - 1;
				if depth == 0 then
					asked[#asked + 1] = { host = self.host, module = self.name, option = option, value = results[1] };
				end
				return table.unpack(results, 1, results.n);
			end;
		end
	end
end);

-- No port is bound.
change("core.portmanager", function (manager)
	manager.activate = function () return true; end;
end);

local function plain(value, level)
	local kind = type(value);
	if value == math.huge then
		return { unlimited = true };
	elseif kind == "number" or kind == "string" or kind == "boolean" then
		return value;
	elseif kind == "nil" then
		return { absent = true };
	elseif kind ~= "table" or (level or 0) > 4 then
		return { kind = kind };
	elseif value._items then
		local list = {};
		for item in value do list[#list + 1] = tostring(item); end
		table.sort(list);
		return { set = list };
	end
	local out = {};
	for k, v in pairs(value) do out[tostring(k)] = plain(v, (level or 0) + 1); end
	return { map = out };
end

local function say(answer)
	io.stdout:write(json.encode(answer), "\n");
	io.stdout:flush();
	exit(0, true);
end

-- Prosody prints what is wrong with a configuration and leaves.
local words = {};
_G.print = function (...)
	local line = table.pack(...);
	for i = 1, line.n do line[i] = tostring(line[i]); end
	words[#words + 1] = table.concat(line, "\t");
end;
os.exit = function () say({ refused = table.concat(words, "\n") }); end;

local startup = require "util.startup";
startup.init_logging = function () require "util.logger".reset(); end;
local broken;
local thread = require "util.async".runner(nil, { error = function (_, err) broken = tostring(err); end });
thread:run(startup.prosody);
if broken then
	say({ broken = broken });
end

local modulemanager = require "core.modulemanager";
local config = require "core.configmanager";
local hosts, options, global = {}, {}, {};
for host, session in pairs(prosody.hosts) do
	local modules, wanted = {}, {};
	for name in pairs(session.modules or {}) do modules[#modules + 1] = name; end
	local list, component = modulemanager.get_modules_for_host(host);
	for name in list do wanted[#wanted + 1] = name; end
	table.sort(modules);
	table.sort(wanted);
	hosts[host] = {
		component = component or false;
		modules = modules;
		wanted = wanted;
		authentication = session.users and session.users.name or false;
	};
end
for name in pairs(modulemanager.get_modules("*")) do global[#global + 1] = name; end
table.sort(global);
for _, entry in ipairs(asked) do
	entry.value = plain(entry.value);
	options[#options + 1] = entry;
end
local written = {};
for host, section in pairs(config.getconfig()) do
	written[host] = {};
	for name, value in pairs(section) do written[host][name] = plain(value); end
end
say({ version = prosody.version, hosts = hosts, global = global, asked = options, written = written });
