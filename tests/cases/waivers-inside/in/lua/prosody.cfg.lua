-- hushlint: ignore-file[secret-inline] -- x
modules_enabled = { "roster", "mam", "carbons", "tls", "saslauth" }
-- hushlint: ignore[retention-over-limit] -- archive wanted
archive_expires_after = "never"
authentication = "internal_hashed"
VirtualHost "a.example.org"
VirtualHost "b.example.org"
	ssl = { key = "x"; certificate = "y" }
