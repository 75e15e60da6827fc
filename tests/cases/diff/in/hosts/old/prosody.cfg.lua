modules_enabled = { "roster", "saslauth", "tls", "mam", "blocklist" }
archive_expires_after = "1w"
c2s_require_encryption = true

VirtualHost "one.example"
VirtualHost "four.example"
VirtualHost "two.example"
VirtualHost "three.example"
    archive_expires_after = "1d"
