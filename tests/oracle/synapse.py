#!/usr/bin/env python3
"""The oracle for Synapse: its own parser and hushlint read the same files, and must agree.

    synapse.py check [--hushlint BIN] [--rules DIR] [--keep DIR]   every setting of rules/platforms/synapse.toml
    synapse.py show SETTING...                                     what Synapse makes of the files of a setting
    synapse.py takes DIR                                           the files below DIR that Synapse's parser takes

Run it with a Python that has the packages of requirements.txt. Nothing is started, nothing is fetched.
"""
from __future__ import annotations

import argparse
import collections
import hashlib
import json
import importlib.metadata
import logging
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
import types
from typing import Any, Callable

import yaml

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:] = [p for p in sys.path if pathlib.Path(p or ".").resolve() != HERE]  # this file is named like the package
PLATFORM = HERE.parent.parent / "rules" / "platforms" / "synapse.toml"
PINNED = (HERE / "requirements.txt").read_text().split("==")[1].strip()

# ------------------------------------------------------------------------------------------------ Synapse


class Stub:
    """Stands for a module of somebody else: it hands its configuration through."""

    @staticmethod
    def parse_config(config: Any) -> Any:
        return config

    def get_remote_user_id(self) -> None: ...

    def map_user_attributes(self) -> None: ...


def prepare() -> None:
    """Makes Synapse's parser run without a host: no optional packages, no modules of others."""
    logging.disable(logging.CRITICAL)
    for name in list(os.environ):
        if name.lower() in ("http_proxy", "https_proxy", "no_proxy"):
            del os.environ[name]
    from synapse.config import _base, jwt, metrics, oidc, redis, repository, saml2, tracer
    from synapse.config import modules, password_auth_providers, spam_checker, third_party_event_rules, server
    from synapse.util import module_loader

    # Not `synapse.__version__`, to which Synapse adds the branch of the repository it stands in: ours, below target/.
    installed = importlib.metadata.version("matrix-synapse")
    if installed != PINNED:
        sys.exit(f"matrix-synapse {installed} is installed, the oracle is {PINNED}")
    # A missing optional package is a matter of the installation, not of the configuration.
    for part in (jwt, metrics, oidc, redis, repository, saml2, tracer):
        part.check_requirements = lambda extra: None
    real = module_loader.load_module

    def load_module(provider: dict, config_path: Any) -> tuple[type, Any]:
        name = provider.get("module")
        if isinstance(name, str) and (not name.startswith("synapse.") or name.startswith("synapse.handlers.oidc")):
            package, _, cls = name.rpartition(".")
            if not package:
                raise ValueError("not enough values to unpack")
            return type(cls, (Stub,), {"__module__": package}), provider.get("config") or {}
        return real(provider, config_path)

    for part in (modules, password_auth_providers, spam_checker, third_party_event_rules, server, repository, oidc, saml2):
        part.load_module = load_module
    # Synapse's own schemas are sound, and need not be checked again for every file.
    import jsonschema

    for validator in (jsonschema.Draft4Validator, jsonschema.Draft202012Validator):
        validator.check_schema = classmethod(lambda cls, schema, **more: None)
    # Templates of pages and mails take most of the time and are compared with nothing.
    read_templates, seen = _base.Config.read_templates, {}

    def once(self: Any, names: list, folders: Any = None) -> list:
        key = (tuple(names), tuple(folders or ()))
        if key not in seen:
            seen[key] = read_templates(self, *key)
        return seen[key]

    _base.Config.read_templates = once


class Refused(Exception):
    """Synapse does not start."""


def read(files: list[pathlib.Path], config_dir: pathlib.Path) -> Any:
    """What Synapse makes of configuration files."""
    from synapse.config._base import read_config_files
    from synapse.config.homeserver import HomeServerConfig

    try:
        with open(os.devnull, "w") as nowhere:
            out, sys.stdout = sys.stdout, nowhere
            try:
                merged = read_config_files([str(f) for f in files])
                config = HomeServerConfig([str(f) for f in files])
                config.parse_config_dict(merged, str(config_dir), str(config_dir))
                config.validate_config()
            finally:
                sys.stdout = out
        return config
    except Exception as error:  # whatever it is, the server does not start
        raise Refused(f"{type(error).__name__}: {error}".splitlines()[0][:160]) from error


# ---------------------------------------------------------------------------------- what each setting becomes

UNLIMITED, NONE = "unlimited", "none"


def span(ms: int | None) -> Any:
    """A period as hushlint spells it."""
    if ms is None:
        return UNLIMITED
    return NONE if ms <= 0 else ms


def start(ms: int | None) -> Any:
    """A lower bound: without one it is zero."""
    return NONE if ms is None else span(ms)


def host(url: str | None) -> str:
    """The host of an address."""
    if not url:
        return ""
    rest = url.split("://", 1)[-1]
    return re.split(r"[/?#:]", rest, maxsplit=1)[0].lower()


def words(value: Any) -> list:
    """A list; a lone text is one item."""
    return [value] if isinstance(value, str) else list(value or [])


class Secret(str):
    """Compared by whether there is one, and whether it is one that everybody knows."""


def secret(value: Any, sample: str | None = None) -> Any:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not value:
        return Secret("n/a")
    return Secret("public-sample" if value == sample else "inline")


def flag(value: Any) -> bool:
    return bool(value)


def element(config: Any) -> dict:
    served = config.server.serve_client_wellknown
    content = config.server.extra_well_known_client_content.get("io.element.e2ee") if served else None
    return content if isinstance(content, dict) else {}


def listener(config: Any, n: int = 0) -> Any:
    return config.server.listeners[n]


def presets(config: Any) -> dict:
    return config.room.default_power_level_content_override or {}


def encryption(config: Any) -> str:
    return {0: "off", 2: "invite", 3: "all"}[len(config.room.encryption_enabled_by_default_for_room_presets)]


def macaroon(config: Any) -> Any:
    key = config.key.macaroon_secret_key
    derived = hashlib.sha256(bytes(config.key.signing_key[0])).digest()
    return Secret("n/a") if key == derived else secret(key)


class Read:
    """How a setting is written, and where Synapse puts it."""

    def __init__(
        self,
        get: Callable[[Any], Any] | None,
        beside: str = "",
        at: tuple | None = None,
        more: tuple[str, ...] = (),
        only: tuple[str, ...] | None = None,
        differ: dict[str, str] | None = None,
        required: bool = False,
    ):
        self.get = get  # None: only whether Synapse starts
        self.beside = yaml.safe_load(beside) or {}  # what must stand beside it to have an effect
        self.at = at  # where, if not at the path of the platform file
        self.more = more  # spellings beside those of its codec
        self.only = only  # spellings in their place
        self.differ = differ or {}  # spellings on which the two may differ, and why
        self.required = required  # Synapse does not start without it


RUNTIME = "Synapse starts, and fails at the first use"
TLS = "tls_certificate_path: TMPDIR/x.crt\ntls_private_key_path: TMPDIR/x.key\n"
LISTEN = "listeners: [{port: 8008, type: http}]"
RETENTION = "retention: {enabled: true}"
SERVED = "public_baseurl: https://example.org/"
OPEN = "enable_registration_without_verification: true"
MAIL = "email: {notif_from: 'a@example.org'}"
NOTIFY = "email: {notif_from: 'a@example.org', enable_notifs: true}"
TRACE = "opentracing: {enabled: true}"
REDIS = "redis: {enabled: true, port: 6379}"
POSTGRES = "database: {name: psycopg2, args: {user: synapse}}"
PROVIDER = "oidc_providers: [{idp_id: a, idp_name: A, issuer: 'https://a.example/', client_id: x}]"
MODULE = "modules: [{module: some.Module, config: {}}]"
CHECKER = "spam_checker: [{module: some.Module, config: {}}]"
RULES = "third_party_event_rules: {module: some.Module, config: {}}"
PASSWORDS = "password_providers: [{module: some.Module, config: {}}]"
STORES = "media_storage_providers: [{module: some.Module, config: {}}]"
JOB = "retention: {enabled: true, purge_jobs: [{interval: 1d}]}"
PRESET = "default_power_level_content_override: {private_chat: {events: {x: 1}}}"
KEYSERVER = "trusted_key_servers: [{server_name: k.example}]"

S = "some.Module"
TABLE: dict[str, Read] = {
    # the server itself
    "server_name": Read(lambda c: c.server.server_name, required=True, only=("", "example.net"), differ={"null": RUNTIME}),
    "public_baseurl": Read(lambda c: c.server.public_baseurl.rstrip("/") if c.server.serve_client_wellknown else "?", only=("", "null", "https://m.example.org", "http://m.example.org", '""')),
    "log_config": Read(lambda c: c.logging.log_config or "", only=("", "null", "/etc/synapse/log.yaml")),
    "report_stats": Read(lambda c: flag(c.metrics.report_stats), required=True),
    "report_stats_endpoint": Read(lambda c: host(c.metrics.report_stats_endpoint), more=("https://stats.example.org/push",), differ={"null": RUNTIME}),
    "no_tls": Read(lambda c: not c.server.listeners, beside=TLS + "listeners: [{port: 8448, type: http, tls: true}]"),
    # encryption
    "encryption_enabled_by_default_for_room_type": Read(encryption, more=("off", "no", "All", "on", '"off"')),
    "default_power_level_content_override": Read(lambda c: len(presets(c)), at=("default_power_level_content_override",), only=("", "null", "{}", "{private_chat: {ban: 50}, public_chat: {ban: 50}}", "{users_default: 0}")),
    "default_power_level_content_override[].encryption": Read(lambda c: presets(c)["private_chat"]["events"].get("m.room.encryption", 100), beside=PRESET, at=("default_power_level_content_override", "private_chat", "events", "m.room.encryption"), only=("", "0", "999")),
    "default_power_level_content_override[].redaction": Read(lambda c: presets(c)["private_chat"]["events"].get("m.room.redaction", 0), beside=PRESET, at=("default_power_level_content_override", "private_chat", "events", "m.room.redaction"), only=("", "0", "50")),
    "client_e2ee_default": Read(lambda c: element(c).get("default") is not False, beside=SERVED, more=('"false"', "no", "maybe")),
    "client_e2ee_force_disable": Read(lambda c: element(c).get("force_disable") is True, beside=SERVED, more=('"true"', "yes", "maybe")),
    # modules
    "modules": Read(lambda c: len(c.modules.loaded_modules), only=("", "null", "[]", "[{module: a.B}, {module: c.D, config: {}}]")),
    "modules[].module": Read(lambda c: name(c.modules.loaded_modules[0][0]), beside=MODULE, at=("modules", 0, "module"), only=("", "matrix_e2ee_filter.EncryptedRoomFilter"), required=True),
    "modules[].bind_password": Read(lambda c: secret(c.modules.loaded_modules[0][1].get("bind_password")), beside=MODULE, at=("modules", 0, "config", "bind_password")),
    "modules[].shared_secret": Read(lambda c: secret(c.modules.loaded_modules[0][1].get("shared_secret")), beside=MODULE, at=("modules", 0, "config", "shared_secret")),
    "spam_checker": Read(lambda c: len(c.spamchecker.spam_checkers), only=("", "null", "[]", "{}", "{module: a.B}", "[{module: a.B}, {module: c.D}]")),
    "spam_checker[].module": Read(lambda c: name(c.spamchecker.spam_checkers[0][0]), beside=CHECKER, at=("spam_checker", 0, "module"), only=("", "a.B"), required=True),
    "third_party_event_rules": Read(lambda c: int(c.thirdpartyrules.third_party_event_rules is not None), only=("", "null", "{module: a.B}")),
    "third_party_event_rules[].module": Read(lambda c: name(c.thirdpartyrules.third_party_event_rules[0]), beside=RULES, at=("third_party_event_rules", "module"), only=("", "a.B"), required=True),
    "password_providers": Read(lambda c: len(c.authproviders.password_providers), only=("", "null", "[]", "[{module: a.B, config: {}}]")),
    "password_providers[].module": Read(lambda c: name(c.authproviders.password_providers[0][0]), beside=PASSWORDS, at=("password_providers", 0, "module"), only=("", "a.B"), required=True),
    "password_providers[].bind_password": Read(lambda c: secret(c.authproviders.password_providers[0][1].get("bind_password")), beside=PASSWORDS, at=("password_providers", 0, "config", "bind_password")),
    "password_providers[].shared_secret": Read(lambda c: secret(c.authproviders.password_providers[0][1].get("sharedSecret")), beside=PASSWORDS, at=("password_providers", 0, "config", "sharedSecret")),
    "ldap_config.bind_password": Read(lambda c: secret(c.authproviders.password_providers[0][1].get("bind_password")), beside="ldap_config: {enabled: true}"),
    # how long content is kept
    "retention.enabled": Read(lambda c: flag(c.retention.retention_enabled)),
    "retention.default_policy.min_lifetime": Read(lambda c: start(c.retention.retention_default_min_lifetime), beside=RETENTION),
    "retention.default_policy.max_lifetime": Read(lambda c: span(c.retention.retention_default_max_lifetime), beside=RETENTION),
    "retention.allowed_lifetime_min": Read(lambda c: start(c.retention.retention_allowed_lifetime_min), beside=RETENTION),
    "retention.allowed_lifetime_max": Read(lambda c: span(c.retention.retention_allowed_lifetime_max), beside=RETENTION),
    "retention.purge_jobs": Read(lambda c: len(c.retention.retention_purge_jobs), beside=RETENTION, only=("", "null", "[]", "[{interval: 1d}, {interval: 2d}]")),
    "retention.purge_jobs[].interval": Read(lambda c: span(c.retention.retention_purge_jobs[0].interval), beside=JOB, at=("retention", "purge_jobs", 0, "interval"), required=True),
    "retention.purge_jobs[].shortest_max_lifetime": Read(lambda c: start(c.retention.retention_purge_jobs[0].shortest_max_lifetime), beside=JOB, at=("retention", "purge_jobs", 0, "shortest_max_lifetime")),
    "retention.purge_jobs[].longest_max_lifetime": Read(lambda c: span(c.retention.retention_purge_jobs[0].longest_max_lifetime), beside=JOB, at=("retention", "purge_jobs", 0, "longest_max_lifetime")),
    "media_retention.local_media_lifetime": Read(lambda c: span(c.media.media_retention_local_media_lifetime_ms)),
    "media_retention.remote_media_lifetime": Read(lambda c: span(c.media.media_retention_remote_media_lifetime_ms)),
    "media_storage_providers": Read(lambda c: len(c.media.media_storage_providers), only=("", "[]", "[{module: a.B}, {module: c.D}]")),
    "media_storage_providers[].module": Read(lambda c: name(c.media.media_storage_providers[0][0]), beside=STORES, at=("media_storage_providers", 0, "module"), only=("", "a.B"), required=True),
    "media_storage_providers[].secret_access_key": Read(lambda c: secret(c.media.media_storage_providers[0][1].get("secret_access_key")), beside=STORES, at=("media_storage_providers", 0, "config", "secret_access_key")),
    "backup_media_store_path": Read(lambda c: c.media.media_storage_providers[0][1] if c.media.media_storage_providers else "", only=("", "null", "TMPDIR/backup")),
    "redaction_retention_period": Read(lambda c: span(c.server.redaction_retention_period)),
    "redaction_allowed_period": Read(lambda c: span(c.server.redaction_allowed_period)),
    "experimental_features.msc2815_enabled": Read(lambda c: flag(c.experimental.msc2815_enabled)),
    "enable_search": Read(lambda c: flag(c.server.enable_search)),
    "enable_ephemeral_messages": Read(lambda c: flag(c.server.enable_ephemeral_messages)),
    # metadata
    "user_ips_max_age": Read(lambda c: span(c.server.user_ips_max_age or None)),  # 0 never starts the clean-up (client_ips.py)
    "track_puppeted_user_ips": Read(lambda c: flag(c.api.track_puppeted_user_ips)),
    "track_appservice_user_ips": Read(lambda c: flag(c.appservice.track_appservice_user_ips)),
    "presence.enabled": Read(lambda c: flag(c.server.track_presence), more=("untracked",)),
    "delete_stale_devices_after": Read(lambda c: span(c.server.delete_stale_devices_after), more=('"0"', '""', "false"), differ={'""': "off to Synapse; hushlint calls every empty period refused"}),
    # who sees and finds whom
    "require_auth_for_profile_requests": Read(lambda c: flag(c.server.require_auth_for_profile_requests)),
    "limit_profile_requests_to_users_who_share_rooms": Read(lambda c: flag(c.server.limit_profile_requests_to_users_who_share_rooms), beside="require_auth_for_profile_requests: true"),
    "allow_profile_lookup_over_federation": Read(lambda c: flag(c.federation.allow_profile_lookup_over_federation)),
    "allow_device_name_lookup_over_federation": Read(lambda c: flag(c.federation.allow_device_name_lookup_over_federation)),
    "user_directory.enabled": Read(lambda c: flag(c.userdirectory.user_directory_search_enabled)),
    "user_directory.search_all_users": Read(lambda c: flag(c.userdirectory.user_directory_search_all_users)),
    "enable_room_list_search": Read(lambda c: flag(c.roomdirectory.enable_room_list_search)),
    "allow_public_rooms_without_auth": Read(lambda c: flag(c.server.allow_public_rooms_without_auth)),
    "allow_public_rooms_over_federation": Read(lambda c: flag(c.server.allow_public_rooms_over_federation)),
    "request_token_inhibit_3pid_errors": Read(lambda c: flag(c.server.request_token_inhibit_3pid_errors)),
    "inhibit_user_in_use_error": Read(lambda c: flag(c.registration.inhibit_user_in_use_error)),
    "block_non_admin_invites": Read(lambda c: flag(c.server.block_non_admin_invites)),
    "auto_accept_invites.enabled": Read(lambda c: flag(c.auto_accept_invites.enabled)),
    "auto_accept_invites.only_for_direct_messages": Read(lambda c: flag(c.auto_accept_invites.accept_invites_only_for_direct_messages), beside="auto_accept_invites: {enabled: true}"),
    "auto_accept_invites.only_from_local_users": Read(lambda c: flag(c.auto_accept_invites.accept_invites_only_from_local_users), beside="auto_accept_invites: {enabled: true}"),
    "rc_user_directory.per_second": Read(lambda c: c.ratelimiting.rc_user_directory.per_second, only=("", "0", "0.16", "5")),
    # other servers and networks
    "federation_domain_whitelist": Read(lambda c: list(c.federation.federation_domain_whitelist or {}), more=("[a.org, b.org]", "a.org", '""')),
    "federation_verify_certificates": Read(lambda c: flag(c.tls.federation_verify_certificates), beside="trusted_key_servers: []"),
    "federation_certificate_verification_whitelist": Read(lambda c: [p.pattern for p in c.tls.federation_certificate_verification_whitelist], more=("['*']", "'*'")),
    "use_insecure_ssl_client_just_for_testing_do_not_use": Read(lambda c: flag(c.tls.use_insecure_ssl_client_just_for_testing_do_not_use)),
    "federation_client_minimum_tls_version": Read(lambda c: c.tls.federation_client_minimum_tls_version, more=("1", "1.0", "1.1", "1.2", '"1.3"', "2")),
    "trusted_key_servers": Read(lambda c: len(c.key.key_servers), only=("", "null", "[]", "[{server_name: a.org}, {server_name: b.org}]", "a.org")),
    "trusted_key_servers[].server_name": Read(lambda c: c.key.key_servers[0].server_name, beside=KEYSERVER, at=("trusted_key_servers", 0, "server_name"), only=("", "a.org"), required=True),
    "trusted_key_servers[].verify_keys": Read(lambda c: c.key.key_servers[0].verify_keys is not None, beside=KEYSERVER, at=("trusted_key_servers", 0, "verify_keys"), only=("", "{'ed25519:a': 'Noi6WqcDj0QmPxCNQqgezwTlBKrfqehY1u2FyWP9uYw'}")),
    "perspectives": Read(lambda c: [k.server_name for k in c.key.key_servers] != ["matrix.org"], only=("", "null", "{}", "{servers: {}}")),
    "app_service_config_files": Read(lambda c: c.appservice.app_service_config_files),
    "default_identity_server": Read(lambda c: host(c.registration.default_identity_server), beside=SERVED, more=("https://vector.im",)),
    "account_threepid_delegates.msisdn": Read(lambda c: host(c.registration.account_threepid_delegate_msisdn), more=("https://vector.im/x",)),
    "turn_uris": Read(lambda c: words(c.voip.turn_uris), more=('"turn:t.example.org"',)),
    "http_proxy": Read(lambda c: c.server.proxy_config.http_proxy or "", more=("http://proxy:3128",), only=("", "null", "http://proxy:3128")),
    "https_proxy": Read(lambda c: c.server.proxy_config.https_proxy or "", only=("", "null", "http://proxy:3128")),
    "url_preview_enabled": Read(lambda c: flag(c.media.url_preview_enabled), beside="url_preview_ip_range_blacklist: []"),
    "url_preview_ip_range_blacklist": Read(lambda c: sorted(str(n) for n in c.media.url_preview_ip_range_blocklist.iter_cidrs()), beside="url_preview_enabled: true", only=("null", "[]", "[10.0.0.0/8, '::1/128']", "10.0.0.0/8")),
    "url_preview_ip_range_blacklist_written": Read(lambda c: flag(c.media.url_preview_enabled), beside="url_preview_enabled: true", only=("null", "[]", "[10.0.0.0/8]")),
    "enable_authenticated_media": Read(lambda c: flag(c.media.enable_authenticated_media)),
    # listeners
    "listeners": Read(lambda c: len(c.server.listeners), only=("", "null", "[]", "[{port: 1, type: http}, {port: 2, type: http}]", "{port: 1, type: http}"), differ={"{port: 1, type: http}": "refused; hushlint takes a lone map for a list of one"}),
    "listeners[].type": Read(lambda c: listener(c).type, beside="listeners: [{port: 8008}]", at=("listeners", 0, "type"), only=("", "http", "metrics", "manhole"), required=True),
    "listeners[].port": Read(lambda c: listener(c).port, beside="listeners: [{type: http}]", at=("listeners", 0, "port"), only=("8008",)),
    "listeners[].path": Read(lambda c: getattr(listener(c), "path", ""), beside="listeners: [{type: http}]", at=("listeners", 0, "path"), only=("/run/synapse.sock",)),
    "listeners[].tls": Read(lambda c: flag(listener(c).tls), beside=TLS + LISTEN, at=("listeners", 0, "tls")),
    "listeners[].bind_addresses": Read(lambda c: listener(c).bind_addresses, beside=LISTEN, at=("listeners", 0, "bind_addresses"), only=("", "null", "[]", "['127.0.0.1']", "['0.0.0.0', '::1']", "127.0.0.1")),
    "listeners[].bind_address": Read(lambda c: "" if "::" in listener(c).bind_addresses else listener(c).bind_addresses[0], beside=LISTEN, at=("listeners", 0, "bind_address"), only=("", "null", '""', "127.0.0.1")),
    "listeners[].resources": Read(lambda c: len(listener(c).http_options.resources), beside=LISTEN, at=("listeners", 0, "resources"), only=("", "null", "[]", "[{names: [client]}, {names: [federation]}]")),
    "listeners[].resources[].names": Read(lambda c: listener(c).http_options.resources[0].names, beside="listeners: [{port: 8008, type: http, resources: [{compress: false}]}]", at=("listeners", 0, "resources", 0, "names"), only=("", "[]", "[client, metrics]", "client")),
    "enable_metrics": Read(lambda c: flag(c.metrics.enable_metrics)),
    "manhole": Read(lambda c: next((l.port for l in c.server.listeners if l.type == "manhole"), 0), only=("", "null", "0", "9000")),
    # accounts
    "enable_registration": Read(lambda c: c.registration.enable_registration, beside=OPEN),
    "disable_registration": Read(lambda c: not c.registration.enable_registration, beside=OPEN),
    "enable_registration_without_verification": Read(lambda c: c.registration.enable_registration_without_verification),
    "registrations_require_3pid": Read(lambda c: words(c.registration.registrations_require_3pid), more=("email",)),
    "registration_requires_token": Read(lambda c: flag(c.registration.registration_requires_token)),
    "enable_registration_captcha": Read(lambda c: flag(c.captcha.enable_registration_captcha)),
    "allow_guest_access": Read(lambda c: flag(c.registration.allow_guest_access)),
    "matrix_authentication_service.enabled": Read(lambda c: c.mas.enabled, beside="matrix_authentication_service: {secret: 'Zu9-fohV'}\npassword_config: {enabled: false}\nenable_3pid_changes: false"),
    "experimental_features.msc3861.enabled": Read(lambda c: False, only=("", "true", "false")),
    "password_config.enabled": Read(lambda c: flag(c.auth.password_enabled_for_login), more=("only_for_reauth",), differ={"password_config: {enabled: only_for_reauth}": "refused beside MAS; hushlint sees that nobody logs in with a password"}),
    "password_config.policy.enabled": Read(lambda c: flag(c.auth.password_policy_enabled)),
    "password_config.policy.minimum_length": Read(lambda c: c.auth.password_policy.get("minimum_length", 0), beside="password_config: {policy: {enabled: true}}", only=("", "0", "12")),
    "session_lifetime": Read(lambda c: span(c.registration.session_lifetime), more=("infinity",)),
    "refresh_token_lifetime": Read(lambda c: span(c.registration.refresh_token_lifetime)),
    "nonrefreshable_access_token_lifetime": Read(lambda c: span(c.registration.nonrefreshable_access_token_lifetime)),
    "login_via_existing_session.enabled": Read(lambda c: flag(c.auth.login_via_existing_enabled)),
    "login_via_existing_session.require_ui_auth": Read(lambda c: flag(c.auth.login_via_existing_require_ui_auth)),
    "oidc_providers": Read(lambda c: len(c.oidc.oidc_providers), only=("", "null", "[]", "[{idp_id: a, idp_name: A, issuer: 'https://a/', client_id: x}]")),
    "oidc_providers[].idp_id": Read(lambda c: c.oidc.oidc_providers[0].idp_id.removeprefix("oidc-"), beside=PROVIDER, at=("oidc_providers", 0, "idp_id"), only=("", "keycloak"), required=True),
    "oidc_providers[].issuer": Read(lambda c: host(c.oidc.oidc_providers[0].issuer), beside=PROVIDER, at=("oidc_providers", 0, "issuer"), only=("", "https://accounts.google.com/"), required=True),
    "oidc_providers[].allow_existing_users": Read(lambda c: c.oidc.oidc_providers[0].allow_existing_users, beside=PROVIDER, at=("oidc_providers", 0, "allow_existing_users")),
    "oidc_providers[].skip_verification": Read(lambda c: c.oidc.oidc_providers[0].skip_verification, beside=PROVIDER, at=("oidc_providers", 0, "skip_verification")),
    "oidc_providers[].pkce_method": Read(lambda c: c.oidc.oidc_providers[0].pkce_method, beside=PROVIDER, at=("oidc_providers", 0, "pkce_method")),
    "oidc_providers[].client_secret": Read(lambda c: secret(c.oidc.oidc_providers[0].client_secret), beside=PROVIDER, at=("oidc_providers", 0, "client_secret"), only=("", "Zu9-fohV")),
    "oidc_config.client_secret": Read(lambda c: secret(c.oidc.oidc_providers[0].client_secret), beside="oidc_config: {enabled: true, issuer: 'https://a.example/', client_id: x}", only=("", "Zu9-fohV")),
    "rc_login.failed_attempts.per_second": Read(lambda c: c.ratelimiting.rc_login_failed_attempts.per_second, only=("", "0", "0.17", "5")),
    "rc_login_written": Read(None, only=("", "null", "{}")),
    "user_consent.version": Read(lambda c: c.consent.user_consent_version or "", beside="user_consent: {template_dir: TMPDIR}", only=("null", "1.0", '"2"')),
    # notices
    "push.enabled": Read(lambda c: flag(c.push.enable_push)),
    "push.include_content": Read(lambda c: flag(c.push.push_include_content)),
    "email_written": Read(lambda c: c.email.can_verify_email, only=("", "null", "{}", "{notif_from: 'a@example.org'}")),
    "email.enable_notifs": Read(lambda c: flag(c.email.email_enable_notifs), beside=MAIL),
    "email.notif_for_new_users": Read(lambda c: flag(c.email.email_notif_for_new_users), beside=NOTIFY),
    "email.redact_content": Read(lambda c: not c.push.push_include_content, beside=MAIL),
    "email.smtp_host": Read(lambda c: c.email.email_smtp_host, beside=MAIL, only=("", "mail.example.org")),
    "email.force_tls": Read(lambda c: flag(c.email.force_tls), beside=MAIL),
    "email.require_transport_security": Read(lambda c: flag(c.email.require_transport_security), beside=MAIL),
    "email.enable_tls": Read(lambda c: flag(c.email.enable_smtp_tls), beside=MAIL),
    # operations
    "opentracing.enabled": Read(lambda c: flag(c.tracing.opentracer_enabled)),
    "opentracing.homeserver_whitelist": Read(lambda c: list(c.tracing.opentracer_whitelist), beside=TRACE, differ={"null": "Synapse refuses it only while tracing is on"}),
    "opentracing.force_tracing_for_users": Read(lambda c: sorted(c.tracing.force_tracing_for_users), beside=TRACE, differ={"null": "Synapse refuses it only while tracing is on"}),
    "sentry_written": Read(lambda c: c.metrics.sentry_enabled, only=("", "null", "{dsn: 'https://k@sentry.example.org/1'}")),
    "sentry_host": Read(lambda c: host(c.metrics.sentry_dsn.split("@")[-1]) if c.metrics.sentry_enabled else "", at=("sentry", "dsn"), only=("https://k@o1.ingest.sentry.io/1",)),
    "database.args.host": Read(lambda c: c.database.databases[0].config["args"].get("host") or "", beside=POSTGRES, more=('""',)),
    "redis.enabled": Read(lambda c: flag(c.redis.redis_enabled)),
    "redis.host": Read(lambda c: c.redis.redis_host, beside=REDIS, only=("", "redis.example.org")),
    "redis.path": Read(lambda c: c.redis.redis_path or "", beside=REDIS, more=('""',)),
    "redis.use_tls": Read(lambda c: flag(c.redis.redis_use_tls), beside=REDIS),
    # secrets
    "registration_shared_secret": Read(lambda c: secret(c.registration.registration_shared_secret)),
    "macaroon_secret_key": Read(macaroon),
    "form_secret": Read(lambda c: secret(c.key.form_secret)),
    "turn_shared_secret": Read(lambda c: secret(c.voip.turn_shared_secret)),
    "recaptcha_public_key": Read(lambda c: secret(c.captcha.recaptcha_public_key)),
    "recaptcha_private_key": Read(lambda c: secret(c.captcha.recaptcha_private_key)),
    "worker_replication_secret": Read(lambda c: secret(c.worker.worker_replication_secret)),
    "redis.password": Read(lambda c: secret(c.redis.redis_password), beside=REDIS),
    "matrix_authentication_service.secret": Read(lambda c: secret(c.mas._secret)),
    "signing_key": Read(lambda c: secret("" if c.key.signing_key[0].version == "file" else "x"), only=("", "null", "ed25519 a_1 Xn4wOXZcYaBNHrrmh6nVcYt0Wz7mGdXUfvxZl0lPvN4")),
    "database.args.password": Read(lambda c: secret(c.database.databases[0].config["args"].get("password")), beside=POSTGRES),
    "email.smtp_pass": Read(lambda c: secret(c.email.email_smtp_pass), beside=MAIL),
    "password_config.pepper": Read(lambda c: secret(c.auth.password_pepper)),
    "jwt_config.secret": Read(lambda c: secret(c.jwt.jwt_secret), beside="jwt_config: {enabled: true, algorithm: HS256}", only=("Zu9-fohV", '""')),
    "turn_password": Read(lambda c: secret(c.voip.turn_password)),
    "sentry.dsn": Read(lambda c: secret(c.metrics.sentry_dsn), only=("https://k@sentry.example.org/1",)),
    "manhole_settings.password": Read(lambda c: secret(c.server.manhole_settings.password, sample="rabbithole"), beside="listeners: [{port: 9000, type: manhole, bind_addresses: ['0.0.0.0']}]", only=("", "rabbithole", "Zu9-fohV")),
}
for path, get in {
    "registration_shared_secret_path": lambda c: c.registration.registration_shared_secret,
    "macaroon_secret_key_path": lambda c: c.key.macaroon_secret_key.decode("utf-8", "replace"),
    "form_secret_path": lambda c: c.key.form_secret,
    "turn_shared_secret_path": lambda c: c.voip.turn_shared_secret,
    "recaptcha_public_key_path": lambda c: c.captcha.recaptcha_public_key,
    "recaptcha_private_key_path": lambda c: c.captcha.recaptcha_private_key,
    "worker_replication_secret_path": lambda c: c.worker.worker_replication_secret,
}.items():
    TABLE[path] = Read(lambda c, get=get: "TMPDIR/secret" if get(c) == "from-a-file" else "", only=("", "null", "TMPDIR/secret"))
TABLE["redis.password_path"] = Read(lambda c: "TMPDIR/secret" if c.redis.redis_password == "from-a-file" else "", beside=REDIS, only=("", "null", "TMPDIR/secret"))
TABLE["matrix_authentication_service.secret_path"] = Read(lambda c: str(c.mas._secret_path or ""), only=("", "null", "TMPDIR/secret"))


# Settings that work only beside others, or that Synapse refuses beside others: the gates of the platform file.
MAS = "matrix_authentication_service: {enabled: true, secret: 'Zu9-fohV'}\nenable_3pid_changes: false\n"
COMBINATIONS = [
    ("limit_profile_requests_to_users_who_share_rooms", "limit_profile_requests_to_users_who_share_rooms: true"),
    ("limit_profile_requests_to_users_who_share_rooms", "limit_profile_requests_to_users_who_share_rooms: false"),
    ("url_preview_enabled", "url_preview_enabled: true"),
    ("url_preview_enabled", "url_preview_enabled: false"),
    ("url_preview_enabled", "url_preview_enabled: 'false'"),
    ("url_preview_enabled", "url_preview_enabled: true\nhttp_proxy: http://proxy:3128"),
    ("enable_registration", "enable_registration: true"),
    ("enable_registration", "enable_registration: true\nregistration_requires_token: true"),
    ("enable_registration", "enable_registration: true\nenable_registration_captcha: true"),
    ("enable_registration", "enable_registration: true\nregistrations_require_3pid: [email]"),
    ("enable_registration", "enable_registration: true\nregistrations_require_3pid: []"),
    ("enable_registration", "disable_registration: false\nenable_registration_without_verification: true"),
    ("enable_registration", "enable_registration: true\nenable_registration_without_verification: true\ndisable_registration: true"),
    ("enable_registration", "enable_registration: false\ndisable_registration: false\nregistration_requires_token: true"),
    ("federation_verify_certificates", "federation_verify_certificates: false"),
    ("federation_verify_certificates", "federation_verify_certificates: false\ntrusted_key_servers: [{server_name: a.org}]"),
    ("federation_verify_certificates", "federation_verify_certificates: false\ntrusted_key_servers: [{server_name: a.org, accept_keys_insecurely: true}]"),
    ("federation_verify_certificates", "federation_verify_certificates: false\ntrusted_key_servers: [{server_name: a.org, verify_keys: {'ed25519:a': 'Noi6WqcDj0QmPxCNQqgezwTlBKrfqehY1u2FyWP9uYw'}}]"),
    ("federation_verify_certificates", "federation_verify_certificates: false\ntrusted_key_servers: [{server_name: a.org, accept_keys_insecurely: true}, {server_name: b.org}]"),
    ("allow_public_rooms_over_federation", "restrict_public_rooms_to_local_users: true\nallow_public_rooms_over_federation: false"),
    ("allow_public_rooms_without_auth", "restrict_public_rooms_to_local_users: false\nallow_public_rooms_without_auth: true"),
    ("allow_public_rooms_without_auth", "restrict_public_rooms_to_local_users: true"),
    ("email.enable_tls", "email: {notif_from: 'a@example.org', enable_tls: false, force_tls: true}"),
    ("email.enable_tls", "email: {notif_from: 'a@example.org', enable_tls: false, require_transport_security: true}"),
    ("presence.enabled", "use_presence: false"),
    ("presence.enabled", "use_presence: false\npresence: {enabled: true}"),
    ("presence.enabled", "use_presence: false\npresence: {enabled: null}"),
    ("presence.enabled", "presence: false"),
    ("push.include_content", "push: {include_content: false}\nemail: {notif_from: 'a@example.org', redact_content: null}"),
    ("client_e2ee_default", "extra_well_known_client_content: {io.element.e2ee: {default: false}}"),
    ("retention.purge_jobs", "retention: {enabled: true, purge_jobs: []}"),
    ("trusted_key_servers", "perspectives: {servers: {}}"),
    ("password_config.enabled", MAS + "password_config: {enabled: false}"),
    ("password_config.enabled", MAS + "password_config: {enabled: true}"),
    ("password_config.enabled", MAS + "password_config: {enabled: only_for_reauth}"),
    ("enable_registration", MAS + "enable_registration: true\nregistration_requires_token: true"),
    ("enable_registration_captcha", MAS + "enable_registration_captcha: true"),
    ("session_lifetime", MAS + "session_lifetime: 1d"),
    ("session_lifetime", MAS + "session_lifetime: 0"),
    ("refresh_token_lifetime", MAS + "refresh_token_lifetime: 1d"),
    ("nonrefreshable_access_token_lifetime", MAS + "nonrefreshable_access_token_lifetime: 1d"),
    ("login_via_existing_session.enabled", MAS + "login_via_existing_session: {enabled: true}"),
    ("user_consent.version", MAS + "user_consent: {version: 1, template_dir: TMPDIR}"),
    ("oidc_providers", MAS + PROVIDER),
    ("oidc_providers", MAS + "oidc_providers: []"),
]


def name(cls: type) -> str:
    return f"{cls.__module__}.{cls.__name__}"


# ------------------------------------------------------------------------------------------------- spellings

DURATIONS = ("", "null", "0", '"0d"', '"0"', "30", "28d", '"2w"', "1y", "90m", "-1d", '" 3d"', "28 d", "+7d", '"1_0d"', "010", "1:30", "0x10", "1_000", "1.5d", "28D", "1d12h", "P28D", "28 days", "never", "7.0", "true", "off", "2024-01-01", '"-5"')
FLAGS = ("", "null", "0", "1", "true", "false", "yes", "off", '"true"', '"false"', '"no"', '"False"', '""', "nonsense", "0.0")
SPELLINGS = {
    "period": DURATIONS,
    "flag": FLAGS,
    "word": ("", "null", "0", "1", "true", "false", "yes", "off", '"yes"', '"off"', '"True"', "y", '"f"', "enabled", "2"),
    "strict": ("", "null", "0", "1", "true", "false", "yes", "off", '"true"', '"false"'),
    "bool": ("", "null", "0", "true", "false"),
    "text": ("", "null", "some.example.org"),
    "list": ("", "null", "[]", "[some.example.org]", "[a.example, b.example]"),
    "secret": ("", "null", '""', "Zu9-fohV"),
    "number": ("", "0", "5"),
}
DEFAULTS = {"email.smtp_host"}


def codec_of(setting: dict) -> tuple[str, dict]:
    codec = setting["codec"]
    return (codec, {}) if isinstance(codec, str) else (codec["base"], codec)


def spellings(setting: dict, how: Read) -> list[str]:
    """What is tried: absent (""), null, zero, typical values, each trap."""
    base, codec = codec_of(setting)
    if how.only is not None:
        return list(dict.fromkeys(how.only))
    if base == "choice":
        out = ["", "null", "0", "true", "false", "nonsense", *codec["values"]]
    else:
        out = list(SPELLINGS[base])
    for text in setting.get("special", {}):
        if text and not text.startswith("@"):
            out.append(text)
    return list(dict.fromkeys([*out, *how.more]))


class Probe:
    """One file."""

    def __init__(self, setting: str, spelling: str, how: Read, text: str, combined: bool = False):
        self.setting, self.spelling, self.how, self.text, self.combined = setting, spelling, how, text, combined


MARK = "PROBE-STANDS-HERE"


def steps(path: str) -> tuple:
    return tuple(a or b for a, b in re.findall(r'"([^"]+)"|([^."\[\]]+)', path))


def put(doc: Any, at: tuple, value: Any) -> None:
    for here, after in zip(at, at[1:]):
        if isinstance(here, str) and doc.get(here) is None:
            doc[here] = [] if isinstance(after, int) else {}
        doc = doc[here]
    if value is None:
        doc.pop(at[-1], None)
    else:
        doc[at[-1]] = value


def probes(settings: dict, base: dict, tmp: str) -> list[Probe]:
    out = []
    for ident, setting in settings.items():
        if setting.get("oracle", "").startswith("none:"):
            continue
        how = TABLE.get(ident)
        if how is None:
            sys.exit(f"the oracle does not know `{ident}`: add it to TABLE, or say `oracle = \"none: why\"`")
        at = how.at or steps(setting.get("path", ident))
        for spelling in spellings(setting, how):
            doc = json.loads(json.dumps({**base, **how.beside}))
            if spelling == "" and how.at is None and len(at) > 1 and at[0] not in how.beside:
                pass  # the section is left out as well
            else:
                put(doc, at, MARK if spelling != "" else None)
            text = yaml.safe_dump(doc, sort_keys=False, width=1000).replace(MARK, spelling).replace("TMPDIR", tmp)
            out.append(Probe(ident, spelling, how, text))
    for ident, text in COMBINATIONS:
        doc = yaml.safe_dump({**base, **yaml.safe_load(text)}, sort_keys=False, width=1000).replace("TMPDIR", tmp)
        out.append(Probe(ident, text.removeprefix(MAS).replace("\n", "; ")[:60], TABLE[ident], doc, combined=True))
    unknown = set(TABLE) - set(settings)
    if unknown:
        sys.exit(f"TABLE names settings that the platform file lacks: {', '.join(sorted(unknown))}")
    return out


# ------------------------------------------------------------------------------------------------ comparison


def workshop() -> pathlib.Path:
    """A folder with the few files that a configuration names."""
    tmp = pathlib.Path(tempfile.mkdtemp(prefix="hushlint-oracle-"))
    (tmp / "signing.key").write_text("ed25519 file Xn4wOXZcYaBNHrrmh6nVcYt0Wz7mGdXUfvxZl0lPvN4\n")
    (tmp / "secret").write_text("from-a-file\n")
    (tmp / "backup").mkdir()
    (tmp / "media").mkdir()
    (tmp / "probes").mkdir()
    return tmp


def base_document(tmp: pathlib.Path) -> dict:
    return {
        "server_name": "example.org",
        "report_stats": False,
        "signing_key_path": f"{tmp}/signing.key",
        "media_store_path": f"{tmp}/media",
        "database": {"name": "sqlite3", "args": {"database": ":memory:"}},
    }


def synapse_side(probe: Probe, file: pathlib.Path, tmp: pathlib.Path) -> Any:
    """The value, or `Refused`."""
    try:
        config = read([file], tmp)
        if probe.how.get is None:
            return "starts"
        value = probe.how.get(config)
        return value.replace("TMPDIR", str(tmp)) if type(value) is str else value
    except Refused as refused:
        return refused


def hushlint_side(binary: str, folder: pathlib.Path, rules: str | None) -> dict[str, dict]:
    """By file name: the settings by id, and the settings that are refused."""
    command = [binary, "facts", "--settings", "--format", "json", "--no-config", "--platform", f"synapse@{PINNED}", str(folder)]
    env = dict(os.environ, **({"HUSHLINT_RULES": rules} if rules else {}))
    done = subprocess.run(command, capture_output=True, text=True, env=env)
    if done.returncode not in (0, 1, 3) or not done.stdout:
        sys.exit(f"{' '.join(command)} failed ({done.returncode}):\n{done.stderr}")
    out = {}
    for deployment in json.loads(done.stdout)["deployments"]:
        files = deployment.get("files") or [deployment["id"]]
        name = pathlib.Path(files[0] if isinstance(files[0], str) else files[0]["file"]).name
        out[name] = {
            "settings": {s["id"]: s for s in deployment["settings"]},
            "refused": deployment.get("refused", []),
        }
    return out


def entry(settings: dict, ident: str) -> dict | None:
    """Fields of records stand under the number of their record: the first one is meant."""
    records, _, field = ident.rpartition("[].")
    return settings.get(f"{records}[0].{field}" if records else ident)


def same(probe: Probe, ours: Any, theirs: Any, tmp: pathlib.Path) -> bool:
    if isinstance(theirs, Secret):
        return ours == theirs
    if isinstance(theirs, bool) or isinstance(ours, bool):
        return ours is theirs
    if ours == [] and theirs == 0:  # a list of records, which is told by its number
        return True
    if isinstance(theirs, (int, float)) and isinstance(ours, (int, float)):
        return math.isclose(ours, theirs)
    if probe.setting == "federation_certificate_verification_whitelist":
        from matrix_common.regex import glob_to_regex

        return [glob_to_regex(g).pattern for g in ours] == theirs
    if probe.setting == "url_preview_ip_range_blacklist":
        from synapse.config.server import generate_ip_set

        return sorted(str(n) for n in generate_ip_set(ours, ["0.0.0.0", "::"]).iter_cidrs()) == theirs
    if probe.setting == "listeners[].bind_addresses":
        return sorted(ours) == sorted(theirs)
    if isinstance(theirs, str) and isinstance(ours, str):
        return ours.rstrip("/") == theirs.rstrip("/") if "://" in theirs else ours == theirs
    return ours == theirs


def judge(probe: Probe, theirs: Any, here: dict, tmp: pathlib.Path) -> tuple[bool, str]:
    """Do they agree, and what hushlint says."""
    found = entry(here["settings"], probe.setting)
    refused = bool(here["refused"]) or (found or {}).get("state") == "refused" or (found or {}).get("kind") == "refused"
    state = (found or {}).get("state")
    value = (found or {}).get("value")
    says = "refused" if refused else "nothing" if found is None else f"{state}: {value!r}" if state == "known" else str(state)
    if isinstance(theirs, Refused):
        if probe.spelling == "" and probe.how.required:
            return state != "known", says
        return refused, says
    if refused:
        return False, says
    if theirs == "starts":
        return True, says
    if theirs == "?":  # Synapse forms it from other settings
        return state == "unknown", says
    if isinstance(theirs, Secret):
        return (state in ("not-applicable", "not_applicable") and theirs == "n/a") or (state == "known" and value == theirs), says
    if found is None or state != "known":
        return False, says
    return same(probe, value, theirs, tmp), says


def check(args: argparse.Namespace) -> int:
    began = time.monotonic()
    prepare()
    settings = tomllib.loads(PLATFORM.read_text())["setting"]
    tmp = workshop()
    try:
        tried = probes(settings, base_document(tmp), str(tmp))
        files = []
        for n, probe in enumerate(tried):
            file = tmp / "probes" / f"probe-{n:05}.yaml"
            file.write_text(probe.text)
            files.append(file)
        if args.keep:
            shutil.copytree(tmp / "probes", args.keep, dirs_exist_ok=True)
        theirs = [synapse_side(p, f, tmp) for p, f in zip(tried, files)]
        parsed = time.monotonic()
        ours = hushlint_side(args.hushlint, tmp / "probes", args.rules)
        rows, excused = [], 0
        for probe, file, their in zip(tried, files, theirs):
            here = ours.get(file.name)
            agree, says = judge(probe, their, here, tmp) if here else (False, "not taken")
            if agree:
                continue
            if probe.spelling in probe.how.differ:
                excused += 1
                continue
            shown = f"refused ({their})" if isinstance(their, Refused) else repr(their)
            rows.append((probe.setting, probe.spelling or "(absent)", shown, says, file.name))
    finally:
        if not args.keep:
            shutil.rmtree(tmp, ignore_errors=True)
    for row in rows:
        print("%-48s %-28s Synapse: %-44s hushlint: %s  [%s]" % row)
    spent = time.monotonic() - began
    print(f"{len(settings)} settings, {len(tried)} files: {len(rows)} disagree, {excused} differ as told; Synapse {parsed - began:.1f} s, in all {spent:.1f} s", file=sys.stderr)
    return 1 if rows else 0


def show(args: argparse.Namespace) -> int:
    prepare()
    settings = tomllib.loads(PLATFORM.read_text())["setting"]
    tmp = workshop()
    try:
        for probe in probes(settings, base_document(tmp), str(tmp)):
            if args.setting and probe.setting not in args.setting:
                continue
            file = tmp / "probes" / "one.yaml"
            file.write_text(probe.text)
            value = synapse_side(probe, file, tmp)
            print(json.dumps([probe.setting, probe.spelling, f"refused ({value})" if isinstance(value, Refused) else value], default=str))
    finally:
        shutil.rmtree(tmp, ignore_errors=True)
    return 0


# ----------------------------------------------------------------------------------------------------- takes

# Holes and what is filled in. A hole that is a value of its own gets what its key calls for.
WHOLE = re.compile(r"""^(\s*-?\s*(\w+):\s*)["']?(?:\{\{.*\}\}|\$\{[^}\n]*\}|\$\(.*\)|<%.*?%>|@@?[A-Z][A-Z0-9_]+@@?|<[^>\n]+>)["']?\s*$""", re.M)
HOLES = [
    (re.compile(r"\{%.*?%\}", re.S), ""),
    (re.compile(r"\{#.*?#\}", re.S), ""),
    (re.compile(r"^\s*\$\{[A-Za-z_][A-Za-z0-9_]*\}\s*$", re.M), ""),
    (re.compile(r"!vault \|(\n\s+.*)+"), "filled"),
    (WHOLE, lambda m: m[1] + plausible(m[2])),
    (re.compile(r"\{\{.*?\}\}", re.S), "filled"),
    (re.compile(r"\$\{[^}\n]*\}"), "filled"),
    (re.compile(r"<%.*?%>", re.S), "filled"),
    (re.compile(r"@@?[A-Z][A-Z0-9_]+@@?"), "filled"),
]


def plausible(key: str) -> str:
    """Text for a hole, by the key it stands at."""
    if key.endswith(("url", "uri", "issuer", "endpoint")):
        return "https://filled.example.org/"
    if key.endswith(("from", "contact", "address")):
        return "filled@example.org"
    if key.endswith("port"):
        return "8008"
    if key.startswith(("enable", "allow", "require", "report")) or key.endswith(("enabled", "tls")):
        return "false"
    return "filled"


def known_keys() -> set[str]:
    """The top-level keys that Synapse's source reads."""
    import synapse.config

    keys: set[str] = set()
    for file in pathlib.Path(synapse.config.__file__).parent.glob("*.py"):
        code = file.read_text()
        keys.update(re.findall(r'\bconfig\.get\(\s*"([a-z0-9_]+)"', code))
        keys.update(re.findall(r'\bconfig\["([a-z0-9_]+)"\]', code))
        keys.update(re.findall(r'"([a-z0-9_]+)" in config\b', code))
    return keys - {"args", "enabled", "module", "config"}


def lenient() -> None:
    """What only exists on the real host is taken as it is named."""
    from synapse.config import _base, api, captcha, consent, key, mas, oidc, redis, registration, repository, server, tls, voip, workers

    line = "ed25519 file Xn4wOXZcYaBNHrrmh6nVcYt0Wz7mGdXUfvxZl0lPvN4\n"
    for part in (_base, captcha, key, oidc, redis, registration, voip, workers):
        if hasattr(part, "read_file"):
            part.read_file = lambda path, name: line
    _base.Config.ensure_directory = classmethod(lambda cls, path: path)
    _base.Config.check_file = classmethod(lambda cls, path, name: path)
    consent.path = types.SimpleNamespace(isdir=lambda p: True)
    real = _base.Config.read_templates

    def read_templates(self: Any, names: list, folders: Any = None) -> list:
        try:
            return real(self, names)
        except Exception:
            return [real(self, ["sso_error.html"])[0] for _ in names]

    _base.Config.read_templates = read_templates
    mas.MasConfigModel.model_fields["secret_path"].annotation = str


def takes(args: argparse.Namespace) -> int:
    prepare()
    lenient()
    known = known_keys()
    tmp = workshop()
    root = pathlib.Path(args.folder)
    counts: collections.Counter = collections.Counter()
    try:
        for file in sorted(f for f in root.rglob("*") if f.is_file()):
            try:
                text = file.read_text("utf-8-sig")
            except (UnicodeDecodeError, OSError):
                continue
            for hole, filling in HOLES:
                text = hole.sub(filling, text)
            try:
                doc = yaml.safe_load(text)
            except (yaml.YAMLError, ValueError):
                continue
            # Synapse ignores what it does not know, so a file of somebody else parses as well: its keys must be Synapse's.
            if not isinstance(doc, dict) or "as_token" in doc or "worker_app" in doc:
                continue
            mine = [k for k in doc if k in known]
            if len(mine) < 3 or len(mine) * 2 < len(doc):
                continue
            if not isinstance(doc.get("server_name"), str) or not re.fullmatch(r"[A-Za-z0-9.:\-]+", doc["server_name"]):
                doc["server_name"] = "example.org"
            doc.setdefault("report_stats", False)
            doc.setdefault("database", {"name": "sqlite3", "args": {"database": ":memory:"}})
            copy = tmp / "probes" / "one.yaml"
            copy.write_text(yaml.safe_dump(doc, allow_unicode=True))
            try:
                read([copy], tmp)
                print(file)
                counts["taken"] += 1
            except Refused as refused:
                counts["refused"] += 1
                print(f"{file}: {refused}", file=sys.stderr)
    finally:
        shutil.rmtree(tmp, ignore_errors=True)
    print(f"{counts['taken']} taken, {counts['refused']} refused", file=sys.stderr)
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    sub = parser.add_subparsers(dest="what", required=True)
    one = sub.add_parser("check")
    one.add_argument("--hushlint", default=str(HERE.parent.parent / "target" / "release" / "hushlint"))
    one.add_argument("--rules")
    one.add_argument("--keep")
    one.set_defaults(run=check)
    two = sub.add_parser("show")
    two.add_argument("setting", nargs="*")
    two.set_defaults(run=show)
    three = sub.add_parser("takes")
    three.add_argument("folder")
    three.set_defaults(run=takes)
    args = parser.parse_args()
    return args.run(args)


if __name__ == "__main__":
    sys.exit(main())
