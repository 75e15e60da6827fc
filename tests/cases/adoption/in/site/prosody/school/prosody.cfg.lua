-- school
modules_enabled = { "roster"; "saslauth"; "tls"; "disco"; "mam"; "carbons" }
archive_expires_after = "never"
c2s_require_encryption = true
VirtualHost "school.example.org"
