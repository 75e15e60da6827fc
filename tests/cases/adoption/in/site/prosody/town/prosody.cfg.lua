-- town
modules_enabled = { "roster"; "saslauth"; "tls"; "disco"; "mam" }
log = { debug = "/var/log/prosody/prosody.log" }
authentication = "internal_plain"
VirtualHost "town.example.org"
