#!/usr/bin/env python3
"""The oracle for Prosody: its own code and hushlint read the same files, and must agree.

    prosody.py fetch [--into DIR]                        Debian's packages, unpacked below target/, not installed
    prosody.py check [--hushlint BIN] [--keep DIR]       every setting of rules/platforms/prosody.toml
    prosody.py show SETTING...                           what Prosody makes of the files of a setting

`fetch` needs apt-get and dpkg of Debian 12 and its package lists; the rest needs nothing but what it fetched. Prosody's
start is run up to the point where it would serve: no port is bound, nothing is connected to.
"""
from __future__ import annotations

import argparse
import concurrent.futures
import dataclasses
import json
import math
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from typing import Any, Callable

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PLATFORM = ROOT / "rules" / "platforms" / "prosody.toml"
TREE = ROOT / "target" / "oracle-prosody"
RELEASE = "0.12.3"
PACKAGES = ("prosody", "lua5.4", "lua-expat", "lua-filesystem", "lua-sec", "lua-socket", "lua-bitop", "libicu72", "libexpat1", "libssl3")
BASE = ("roster", "saslauth", "tls", "disco")

# ------------------------------------------------------------------------------------------------ Prosody


def fetch(args: argparse.Namespace) -> int:
    """Unpacks Debian's packages; a tree that is whole is left alone."""
    tree = pathlib.Path(args.into)
    if (tree / "whole").exists():
        return 0
    shutil.rmtree(tree, ignore_errors=True)
    (tree / "packages").mkdir(parents=True)
    got = subprocess.run(["apt-get", "download", "-qq", *PACKAGES], cwd=tree / "packages", capture_output=True, text=True)
    if got.returncode:
        print(got.stderr.strip(), file=sys.stderr)
        return 1
    for package in sorted((tree / "packages").glob("*.deb")):
        subprocess.run(["dpkg", "-x", str(package), str(tree)], check=True)
    version = (tree / "usr/lib/prosody/prosody.version").read_text().strip()
    if version != RELEASE:
        print(f"Prosody {version} is what this Debian has, the oracle is {RELEASE}", file=sys.stderr)
        return 1
    (tree / "whole").write_text(version)
    return 0


def ask(tree: pathlib.Path, file: pathlib.Path, data: pathlib.Path) -> dict:
    """What Prosody makes of a configuration."""
    libraries = next((tree / "usr/lib").glob("*-linux-gnu"))
    env = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(data),
        "LD_LIBRARY_PATH": str(libraries),
        "LUA_PATH": f"{tree}/usr/share/lua/5.4/?.lua;{tree}/usr/share/lua/5.4/?/init.lua",
        "LUA_CPATH": f"{libraries}/lua/5.4/?.so",
    }
    data.mkdir(exist_ok=True)
    command = [tree / "usr/bin/lua5.4", HERE / "prosody" / "boot.lua", tree / "usr/lib/prosody", file, data]
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, env=env, cwd=data, timeout=60)
    line = done.stdout.strip().splitlines()[-1:] or [""]
    try:
        return json.loads(line[0])
    except ValueError:
        return {"broken": (done.stderr or done.stdout).strip()[-400:]}


class Refused(Exception):
    """Prosody, or the module that has the option, does not start; why."""


# ---------------------------------------------------------------------------------------- what a file comes to

ABSENT = {"absent": True}


def of(answer: dict, host: str, module: str, variable: str) -> Any:
    """A variable of a module; its file may hold several parts, of which the one that has it counts."""
    for entry in answer["made"]:
        if entry["module"] == module and entry["host"] in (host, "*") and variable in entry["variables"]:
            return entry["variables"][variable]
    raise Refused(f"{module} was not read to its end")


def asked(answer: dict, host: str, module: str, option: str) -> Any:
    values = [a["value"] for a in answer["asked"] if a["module"] == module and a["host"] in (host, "*") and a["option"] == option]
    if not values:
        raise Refused(f"{module} did not ask for {option}")
    return values[-1]


def written(answer: dict, host: str, option: str) -> Any:
    for scope in (host, "*"):
        if option in answer["written"].get(scope, {}):
            return answer["written"][scope][option]
    return ABSENT


def flag(value: Any) -> bool:
    return value is True


def period(value: Any) -> str:
    """In hushlint's words. A text that is left is one of which no number was made."""
    if isinstance(value, dict) or isinstance(value, str):
        return "unlimited"
    return "unlimited" if value < 0 else "none" if value == 0 else f"{round(value)}s"


def first_service(answer: dict) -> dict:
    value = written(answer, HOST, "external_services")
    first = value.get("map", {}).get("1", {}) if isinstance(value, dict) else {}
    return first.get("map", {})


def items(value: Any) -> list:
    if value == ABSENT:
        return []
    if isinstance(value, dict):
        return sorted(str(v) for v in (value.get("set") or value.get("map", {}).values() or []))
    return [str(value)]


def text(value: Any) -> Any:
    return "" if value == ABSENT else str(value).lower() if isinstance(value, bool) else str(value)


def secret(value: Any) -> str:
    """Is it written here? Whether it is a secret is not Prosody's to say."""
    return "inline" if isinstance(value, str) and value else "n/a"


def listening(answer: dict, port: int) -> list:
    return sorted(p["interface"] for p in answer["ports"] if p["port"] == port)


def tls(answer: dict) -> str:
    """The oldest TLS that the server takes, in hushlint's words."""
    contexts = [c for c in answer["contexts"] if c["mode"] == "server"]
    if not contexts:
        raise Refused("no TLS context was made")
    protocol, options = contexts[-1]["protocol"], contexts[-1]["options"]
    if protocol == "tlsv1_3" or protocol == "sslv23" and "no_tlsv1_2" in options:
        return "tls13"
    if protocol == "tlsv1_2" or protocol == "sslv23" and {"no_tlsv1", "no_tlsv1_1"} <= set(options):
        return "tls12"
    return "legacy-tls"


def detail(answer: dict) -> str:
    """How much reaches a log, in hushlint's words."""
    return "identifiers" if "debug" in answer["levels"] else "pseudonymous" if "info" in answer["levels"] else "none"


# ------------------------------------------------------------------------------------------------ the settings

FLAGS = ("true", "false", '"true"', '"false"', "1", "0", '"1"', '"yes"', "nil", "never", '""')
PERIODS = ("3600", '"1w"', '"30d"', '"2 weeks"', '"6 months"', '"1y"', '"1m"', '"24h"', '"30min"', '"never"', "never", "-1", "0", "false", "true", '"soon"', "60 * 60 * 24", '"90"', "nil", '"1W"')
HOST, ROOMS, FILES, BRIDGE = "example.org", "rooms.example.org", "share.example.org", "bridge.example.org"
HEADS = {
    HOST: 'VirtualHost "example.org"',
    ROOMS: 'Component "rooms.example.org" "muc"\nmodules_enabled = { "muc_mam" }',
    FILES: 'Component "share.example.org" "http_file_share"',
    BRIDGE: 'Component "bridge.example.org"',
}


@dataclasses.dataclass
class How:
    """How a setting is tried, and where its value is seen."""

    get: Callable[[dict], Any]
    spellings: tuple = ()
    host: str = HOST
    modules: tuple = ()
    option: str = ""
    scopes: tuple = ("global", "host")
    lines: str = ""
    """Further global lines."""
    fact: str = ""
    """A fact that is compared instead of the setting."""
    differ: dict = dataclasses.field(default_factory=dict)
    """Spellings over which the two may differ, and why."""


def made(module: str, variable: str, turn: Callable, host: str = HOST) -> Callable[[dict], Any]:
    return lambda answer: turn(of(answer, host, module, variable))


def told(module: str, option: str, turn: Callable, host: str = HOST) -> Callable[[dict], Any]:
    return lambda answer: turn(asked(answer, host, module, option))


def config(option: str, turn: Callable, host: str = HOST) -> Callable[[dict], Any]:
    return lambda answer: turn(written(answer, host, option))


def room(field: str, turn: Callable = flag) -> Callable[[dict], Any]:
    return lambda answer: turn((answer["hosts"][ROOMS].get("room") or {}).get(field))


def modules(answer: dict, host: str, name: str) -> bool:
    return name in answer["hosts"][host]["modules"] or name in answer["global"]


LISTS = ('{ "a", "b" }', '"a"', "{}", "nil", "nobody", '{ nobody, "a" }', "{ \"a\"; \"b\" }")
WORDS = ('"a"', "'a'", "[[a]]", '"a" .. "b"', "nil", "nobody")
KEYS = ('"s3cr3tXq9"', "nil", "nobody", '""')
ONCE = {"nil": "the option is left as it is"}
LEFT = "names without a value leave a hole in the list; hushlint leaves the item out"

TABLE: dict[str, How] = {
    "component_module": How(lambda a: a["hosts"][ROOMS]["component"], host=ROOMS),
    "modules_enabled": How(lambda a: sorted(set(a["hosts"][HOST]["modules"]) & {"mam", "ping"}), ('{ "mam" }', '{ "ping", "mam" }', "{}"), scopes=("global",)),
    "modules_disabled": How(lambda a: not modules(a, HOST, "offline"), ('{ "offline" }', "{}", "nil"), scopes=("global",)),
    "host_modules_enabled": How(lambda a: modules(a, HOST, "ping"), ('{ "ping" }', "{}", "nil"), option="modules_enabled", scopes=("host",)),
    "host_modules_disabled": How(lambda a: not modules(a, HOST, "roster"), ('{ "roster" }', "{}", "nil"), option="modules_disabled", scopes=("host",)),
    "admins": How(told("authz_internal", "admins", items), ('{ "a@example.org" }', "{}", '{ "a@example.org", "b@example.org" }', "nil", "{ nobody }")),
    "authentication": How(lambda a: a["hosts"][HOST]["authentication"], ('"internal_plain"', '"internal_hashed"', '"anonymous"', "nil", "internal_plain")),
    "authorization": How(lambda a: "internal" if modules(a, HOST, "authz_internal") else "other", ('"internal"', "nil")),
    "c2s_require_encryption": How(made("saslauth", "secure_auth_only", flag), FLAGS),
    "allow_unencrypted_plain_auth": How(made("saslauth", "allow_unencrypted_plain_auth", flag), FLAGS, lines="c2s_require_encryption = false"),
    "insecure_sasl_mechanisms": How(made("saslauth", "insecure_mechanisms", items), ('{ "PLAIN" }', "{}", '"LOGIN"'), lines="c2s_require_encryption = false", differ={"": "hushlint reads what is written; the default is a matter of the fact"}),
    "consider_bosh_secure": How(made("bosh", "consider_bosh_secure", flag), FLAGS, modules=("bosh",), scopes=("global",)),
    "consider_websocket_secure": How(made("websocket", "consider_websocket_secure", flag), FLAGS, modules=("websocket",), scopes=("global",)),
    "ssl.protocol": How(tls, ('"tlsv1_2"', '"tlsv1_2+"', '"tlsv1_3"', '"tlsv1+"', '"tlsv1_1+"', "nil"), lines='ssl = { ciphers = "HIGH", protocol = "tlsv1_2+" }', scopes=("host",), fact="encryption.transport_client"),
    "global_ssl_protocol": How(tls, ('"tlsv1_2"', '"tlsv1+"', "nil"), option="ssl.protocol", scopes=("global",), fact="encryption.transport_client"),
    "tls_profile": How(tls, ('"modern"', '"intermediate"', '"old"', '"legacy"', "nil", "modern"), scopes=("global",), fact="encryption.transport_client"),
    "s2s_require_encryption": How(made("s2s", "require_encryption", flag), FLAGS, scopes=("global",)),
    "s2s_secure_auth": How(made("s2s", "secure_auth", flag), FLAGS, scopes=("global",)),
    "s2s_insecure_domains": How(lambda a: sorted(of(a, HOST, "s2s", "insecure_domains").get("map", {})), ('{ "a" }', "{}", '"a"', "nil"), scopes=("global",)),
    "disallow_s2s": How(told("s2s", "disallow_s2s", flag), FLAGS),
    "http_interfaces": How(lambda a: listening(a, 5280), ('{ "0.0.0.0" }', '"0.0.0.0"', '{ "127.0.0.1" }', "nil"), modules=("http",), scopes=("global",)),
    "component_interfaces": How(lambda a: listening(a, 5347), ('{ "0.0.0.0" }', '"0.0.0.0"', "nil"), host=BRIDGE, scopes=("global",)),
    "console_interfaces": How(lambda a: listening(a, 5582), ('{ "0.0.0.0" }', '"0.0.0.0"', "nil"), modules=("admin_telnet",), scopes=("global",)),
    "local_interfaces": How(lambda a: listening(a, 5280), ('{ "10.0.0.1" }', '"10.0.0.1"'), modules=("http",), scopes=("global",)),
    "ldap_server": How(config("ldap_server", lambda v: "localhost" if v == ABSENT else text(v)), WORDS),
    "ldap_tls": How(config("ldap_tls", lambda v: v in (True, "true", 1)), FLAGS),
    "storage": How(config("storage", lambda v: "internal" if v == ABSENT else text(v)), ('"internal"', '"memory"', "nil", "internal")),
    "storage.archive": How(config("storage", lambda v: text(v["map"].get("archive", ABSENT)) if "map" in v else ""), ('"memory"', "nil")),
    "sql.host": How(config("sql", lambda v: text(v["map"].get("host", "localhost")) if isinstance(v, dict) and "map" in v else "localhost"), ('"db.example.org"', "nil")),
    "allow_registration": How(made("register", "allow_registration", flag), FLAGS, modules=("register",)),
    "registration_invite_only": How(made("invites_register", "invite_only", flag), FLAGS, modules=("invites_register",)),
    "allowlist_registration_only": How(made("register_limits", "allowlist_only", flag), FLAGS, modules=("register_limits",)),
    "registration_notification": How(made("watchregistrations", "registration_notification", text), WORDS, modules=("watchregistrations",)),
    "registration_watchers": How(made("watchregistrations", "registration_watchers", items), ('{ "a@example.org" }', "{}", "nil"), modules=("watchregistrations",), lines='admins = { "root@example.org" }'),
    "allow_anonymous_s2s": How(told("auth_anonymous", "allow_anonymous_s2s", flag), FLAGS, lines='authentication = "anonymous"'),
    "allow_anonymous_storage": How(made("auth_anonymous", "allow_storage", flag), FLAGS, lines='authentication = "anonymous"'),
    "insecure_open_authentication": How(config("insecure_open_authentication", text), ("\"Yes please, I know what I'm doing!\"", "nil")),
    "default_archive_policy": How(made("mam", "global_default_policy", lambda v: "always" if v is True else v if v == "roster" else "never"), ("true", "false", '"roster"', '"always"', '"never"', '"true"', '"false"', "nil", "roster"), modules=("mam",)),
    "archive_expires_after": How(made("mam", "cleanup_after", period), PERIODS, modules=("mam",)),
    "muc_log_by_default": How(made("muc_mam", "log_by_default", flag, ROOMS), FLAGS, host=ROOMS),
    "muc_log_all_rooms": How(made("muc_mam", "log_all_rooms", flag, ROOMS), FLAGS, host=ROOMS),
    "muc_log_presences": How(told("muc_mam", "muc_log_presences", flag, ROOMS), FLAGS, host=ROOMS),
    "muc_log_expires_after": How(made("muc_mam", "cleanup_after", period, ROOMS), PERIODS, host=ROOMS),
    "max_history_messages": How(made("muc", "max_history_length", lambda v: 1000000 if isinstance(v, dict) else v, ROOMS), ("0", "20", "nil"), host=ROOMS),
    "muc_room_default_history_length": How(room("history", lambda v: v), ("0", "50", "nil"), host=ROOMS),
    "http_file_share_expires_after": How(made("http_file_share", "expiry", period, FILES), ("3600", "-1", "60 * 60 * 24 * 30", '"3600"', '"1w"', '"never"', "false", "nil", "never", "0"), host=FILES),
    "restrict_room_creation": How(lambda a: creation(a), ("true", "false", '"local"', '"admin"', '"everyone"', "nil"), host=ROOMS),
    "muc_room_default_public": How(room("public"), FLAGS, host=ROOMS),
    "muc_room_default_members_only": How(room("members_only"), FLAGS, host=ROOMS),
    "muc_room_default_public_jids": How(room("whois", lambda v: v == "anyone"), FLAGS, host=ROOMS),
    "component_admins_as_room_owners": How(told("muc", "component_admins_as_room_owners", flag, ROOMS), FLAGS, host=ROOMS),
    "contact_info": How(config("contact_info", lambda v: v != ABSENT), ('{ abuse = { "mailto:a@example.org" } }', "nil"), modules=("server_contact_info",)),
    "log": How(detail, ('"/dev/null"', '"*console"', '{ info = "/dev/null" }', '{ error = "/dev/null" }', "{}", "nil"), scopes=("global",), fact="metadata.log_detail"),
    "log.debug": How(detail, ('"/dev/null"', '"*console"', "nil"), scopes=("global",), fact="metadata.log_detail"),
    "log.info": How(detail, ('"/dev/null"', '"*console"', "nil"), scopes=("global",), fact="metadata.log_detail"),
    "log_sinks": How(detail, ('{ "*console" }', '{ warn = "/dev/null", "*console" }', '{ "console" }'), option="log", scopes=("global",), fact="metadata.log_detail"),
    "log_rules": How(detail, ('{ { to = "console" } }', '{ { levels = { min = "warn" }, to = "console" } }', '{ { levels = { min = "info" }, to = "file", filename = "/dev/null" }, "*nowhere" }'), option="log", scopes=("global",), fact="metadata.log_detail", differ={'{ { levels = { min = "info" }, to = "file", filename = "/dev/null" }, "*nowhere" }': "what goes to nowhere is counted"}),
    "log_rules[].levels": How(detail, ('{ { levels = {}, to = "console" } }',), option="log", scopes=("global",), fact="metadata.log_detail"),
    "log_rules[].min": How(detail, ('{ { levels = { min = "debug" }, to = "console" } }', '{ { levels = { min = "error" }, to = "console" } }'), option="log", scopes=("global",), fact="metadata.log_detail"),
    "log_rules[].names": How(detail, ('{ { levels = { "debug" }, to = "console" } }', '{ { levels = "info", to = "console" } }', '{ { levels = { "error", "warn" }, to = "console" } }'), option="log", scopes=("global",), fact="metadata.log_detail"),
    "debug": How(detail, ("true", "false", "nil"), scopes=("global",), fact="metadata.log_detail"),
    "openmetrics_allow_ips": How(made("http_openmetrics", "permitted_ips", items), ('{ "10.0.0.1" }', '"10.0.0.1"', "{}", "nil"), modules=("http_openmetrics",), scopes=("global",)),
    "openmetrics_allow_cidr": How(made("http_openmetrics", "permitted_cidr", text), ('"10.0.0.0/8"', "nil"), modules=("http_openmetrics",), scopes=("global",)),
    "component_secret": How(config("component_secret", secret, BRIDGE), KEYS, host=BRIDGE, scopes=("host",)),
    "turn_external_secret": How(made("turn_external", "secret", secret), KEYS, modules=("turn_external",)),
    "turn_external_host": How(config("turn_external_host", text), WORDS),
    "external_service_secret": How(made("external_services", "default_secret", secret), KEYS, modules=("external_services",)),
    "external_services": How(config("external_services", lambda v: len(v.get("map", {})) if isinstance(v, dict) else 0), ('{ { type = "turn", host = "a" } }', "{}", "nil"), modules=()),
    "external_services[].secret": How(lambda a: secret(first_service(a).get("secret")), ('{ { type = "turn", host = "a", secret = "s3cr3tXq9" } }', '{ { type = "turn", host = "a" } }'), option="external_services"),
    "external_services[].password": How(lambda a: secret(first_service(a).get("password")), ('{ { type = "turn", host = "a", username = "u", password = "s3cr3tXq9" } }',), option="external_services"),
    "sql.password": How(config("sql", lambda v: secret(v["map"].get("password")) if isinstance(v, dict) and "map" in v else "n/a"), KEYS),
    "ldap_password": How(config("ldap_password", secret), KEYS),
    "dialback_secret": How(told("dialback", "dialback_secret", secret), KEYS, modules=("dialback",), differ={"": "Prosody makes one for itself", "nil": "Prosody makes one for itself", "nobody": "Prosody makes one for itself"}),
    "http_file_share_secret": How(made("http_file_share", "secret", secret, FILES), KEYS, host=FILES, differ={"": "Prosody makes one for itself", "nil": "Prosody makes one for itself", "nobody": "Prosody makes one for itself"}),
}


def creation(answer: dict) -> str:
    """Who may create rooms, by what is written: the module keeps it to itself."""
    value = written(answer, ROOMS, "restrict_room_creation")
    if value == ABSENT or value is False:
        return "everyone"
    return "local" if value == "local" else "admins"


# ------------------------------------------------------------------------------------------------ probes


@dataclasses.dataclass
class Probe:
    setting: str
    spelling: str
    scope: str
    how: How
    text: str


def assignment(path: str, spelling: str) -> str:
    first, _, rest = path.partition(".")
    return f"{first} = {{ {rest} = {spelling} }}" if rest else f"{first} = {spelling}"


def document(how: How, option: str, globally: str | None, locally: str | None) -> str:
    names = ", ".join(f'"{m}"' for m in (*BASE, *how.modules))
    lines = [f"modules_enabled = {{ {names} }}", how.lines]
    if globally is not None:
        lines.append(assignment(option, globally))
    if how.host != HOST:
        lines.append(HEADS[HOST])
    lines.append(HEADS[how.host])
    if locally is not None:
        lines.append("\t" + assignment(option, locally))
    return "\n".join(line for line in lines if line) + "\n"


def probes(settings: dict) -> list[Probe]:
    out = []
    for ident, setting in settings.items():
        if str(setting.get("oracle", "")).startswith("none:"):
            continue
        if "since" in setting and tuple(map(int, setting["since"].split("."))) > tuple(map(int, RELEASE.split("."))):
            continue
        how = TABLE.get(ident)
        if how is None:
            sys.exit(f"the table does not know {ident}: name where Prosody keeps it, or say `oracle = \"none: why\"`")
        option = how.option or ident
        out.append(Probe(ident, "", "absent", how, document(how, option, None, None)))
        for n, spelling in enumerate(how.spellings):
            # What is written is read in one way in both scopes: two spellings show it.
            if "global" in how.scopes and ("host" not in how.scopes or n < 2):
                out.append(Probe(ident, spelling, "global", how, document(how, option, spelling, None)))
            if "host" in how.scopes:
                out.append(Probe(ident, spelling, "host", how, document(how, option, None, spelling)))
        if how.scopes == ("global", "host") and len(how.spellings) > 1 and not how.option:
            first, second = how.spellings[:2]
            out.append(Probe(ident, f"{first}, {second}", "both", how, document(how, option, first, second)))
            out.append(Probe(ident, f"{first}, nil", "both", how, document(how, option, first, "nil")))
    return out


# ------------------------------------------------------------------------------------------------ comparison


def theirs_of(probe: Probe, answer: dict) -> Any:
    if "refused" in answer or "broken" in answer:
        return Refused(answer.get("refused") or answer.get("broken"))
    try:
        return probe.how.get(answer)
    except Refused as refused:
        return refused


def hushlint(binary: str, folder: pathlib.Path, what: str) -> dict[tuple[str, str], dict]:
    """By file and host: the settings, or the facts."""
    command = [binary, "facts", *(["--settings"] if what == "settings" else []), "--format", "json", "--no-config", "--platform", f"prosody@{RELEASE}", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in (0, 1, 3) or not done.stdout:
        sys.exit(f"{' '.join(command)} failed ({done.returncode}):\n{done.stderr}")
    out = {}
    for deployment in json.loads(done.stdout)["deployments"]:
        file, _, host = deployment["id"].rpartition("#")
        entries = {e["id"] if what == "settings" else e["fact"]: e for e in deployment[what]}
        out[pathlib.Path(file).name, host] = entries
    return out


def seconds(value: Any) -> Any:
    """A period as `period` spells it, in seconds."""
    match = re.fullmatch(r"(\d+)s", value) if isinstance(value, str) else None
    return int(match[1]) if match else value


def same(probe: Probe, theirs: Any, entry: dict | None) -> tuple[bool, str]:
    state, value = (entry or {}).get("state"), (entry or {}).get("value")
    refused = state == "refused" or (entry or {}).get("kind") == "refused"
    says = "refused" if refused else "nothing" if entry is None else f"{state}: {value!r}" if state == "known" else str(state)
    if isinstance(theirs, Refused):
        return refused, says
    if theirs in ("inline", "n/a"):
        return (theirs == "n/a" and (entry is None or state in ("not-applicable", "not_applicable"))) or value == theirs, says
    if state != "known":
        return False, says
    if probe.setting in ("modules_disabled", "host_modules_disabled"):
        return bool(value) is theirs, says
    if probe.setting == "host_modules_enabled":
        return ("ping" in value) is theirs, says
    if probe.setting == "modules_enabled":
        return sorted(set(value) & {"mam", "ping"}) == theirs, says
    if probe.setting == "external_services":
        return (value if isinstance(value, int) else len(value or [])) == theirs, says
    if isinstance(theirs, bool) or isinstance(value, bool):
        return theirs is value, says
    if isinstance(theirs, list):
        return sorted(map(str, value)) == theirs, says
    ours, their = value, seconds(theirs)
    if isinstance(theirs, str) and their != theirs and isinstance(ours, int):
        ours /= 1000  # hushlint counts milliseconds
    if isinstance(ours, (int, float)) and isinstance(their, (int, float)):
        # A year of Prosody's has 365.2425 days.
        return math.isclose(ours, their, rel_tol=0.001), says
    return ours == their, says


def entry_of(probe: Probe, entries: dict) -> dict | None:
    if probe.how.fact:
        return entries.get(probe.how.fact)
    records, _, field = probe.setting.rpartition("[].")
    if not records:
        return entries.get(probe.setting)
    return next((e for ident, e in entries.items() if ident.startswith(records + "[") and ident.endswith("." + field)), None)


def answers(tree: pathlib.Path, tried: list[Probe], tmp: pathlib.Path) -> list[tuple[pathlib.Path, dict]]:
    folder = tmp / "probes"
    folder.mkdir()
    files = []
    for n, probe in enumerate(tried):
        file = folder / f"probe-{n:05}.cfg.lua"
        file.write_text(probe.text)
        files.append(file)

    def one(n: int) -> dict:
        # Modules are loaded in an order that is drawn by lot at each start, and some orders leave one out: what refuses
        # three times is refused.
        for turn in range(3):
            answer = ask(tree, files[n], tmp / f"data-{n}-{turn}")
            if not isinstance(theirs_of(tried[n], answer), Refused):
                break
        return answer

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(zip(files, pool.map(one, range(len(files)))))


def check(args: argparse.Namespace) -> int:
    began = time.monotonic()
    tree = whole(args.tree)
    settings = tomllib.loads(PLATFORM.read_text())["setting"]
    unknown = set(TABLE) - set(settings)
    if unknown:
        sys.exit(f"the table names settings that the platform file lacks: {', '.join(sorted(unknown))}")
    tried = probes(settings)
    tmp = pathlib.Path(tempfile.mkdtemp(prefix="hushlint-oracle-"))
    try:
        given = answers(tree, tried, tmp)
        parsed = time.monotonic()
        if args.keep:
            shutil.copytree(tmp / "probes", args.keep, dirs_exist_ok=True)
        by = {what: hushlint(args.hushlint, tmp / "probes", what) for what in ("settings", "facts")}
        rows, excused = [], 0
        for probe, (file, answer) in zip(tried, given):
            theirs = theirs_of(probe, answer)
            entries = by["facts" if probe.how.fact else "settings"].get((file.name, probe.how.host))
            agree, says = same(probe, theirs, entry_of(probe, entries)) if entries is not None else (False, "not taken")
            if agree:
                continue
            if probe.spelling in probe.how.differ:
                excused += 1
                continue
            shown = f"refused ({theirs})"[:60] if isinstance(theirs, Refused) else repr(theirs)
            rows.append((probe.setting, probe.scope, probe.spelling or "(absent)", shown, says, file.name))
    finally:
        shutil.rmtree(tmp, ignore_errors=True)
    for row in rows:
        print("%-34s %-7s %-36s Prosody: %-30s hushlint: %s  [%s]" % row)
    spent = time.monotonic() - began
    print(f"{len(settings)} settings, {len(tried)} files: {len(rows)} disagree, {excused} differ as told; Prosody {parsed - began:.1f} s, in all {spent:.1f} s", file=sys.stderr)
    return 1 if rows else 0


def show(args: argparse.Namespace) -> int:
    tree = whole(args.tree)
    settings = tomllib.loads(PLATFORM.read_text())["setting"]
    tried = [p for p in probes(settings) if not args.setting or p.setting in args.setting]
    tmp = pathlib.Path(tempfile.mkdtemp(prefix="hushlint-oracle-"))
    try:
        for probe, (_, answer) in zip(tried, answers(tree, tried, tmp)):
            theirs = theirs_of(probe, answer)
            print(json.dumps([probe.setting, probe.scope, probe.spelling, f"refused ({theirs})" if isinstance(theirs, Refused) else theirs]))
    finally:
        shutil.rmtree(tmp, ignore_errors=True)
    return 0


def whole(tree: str) -> pathlib.Path:
    path = pathlib.Path(tree)
    if not (path / "whole").exists():
        sys.exit(f"{path} is not there: run `prosody.py fetch` first")
    return path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    sub = parser.add_subparsers(dest="what", required=True)
    get = sub.add_parser("fetch")
    get.add_argument("--into", default=str(TREE))
    get.set_defaults(run=fetch)
    one = sub.add_parser("check")
    one.add_argument("--hushlint", default=str(ROOT / "target" / "release" / "hushlint"))
    one.add_argument("--keep")
    one.set_defaults(run=check)
    two = sub.add_parser("show")
    two.add_argument("setting", nargs="*")
    two.set_defaults(run=show)
    for each in (one, two):
        each.add_argument("--tree", default=str(TREE))
    args = parser.parse_args()
    return args.run(args)


if __name__ == "__main__":
    sys.exit(main())
