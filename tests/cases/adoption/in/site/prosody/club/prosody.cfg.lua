-- club
modules_enabled = { "roster"; "saslauth"; "tls"; "disco"; "mam"; "register" }
allow_registration = true
archive_expires_after = "1y"
VirtualHost "club.example.org"
Component "rooms.club.example.org" "muc"
