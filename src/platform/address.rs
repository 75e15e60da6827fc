//! Parts of addresses: `https://user:password@host:443/path?x=y`, `user:password@tcp(host:3306)/name?x=y`,
//! `host=db password=secret sslmode=disable`.

use std::borrow::Cow;

/// The host: `https://user@host:443/path`, `turn:host:3478?transport=udp`, `host:port`, `host`, `…@tcp(host:3306)/…`,
/// `host=…`. Of a socket in brackets or behind `host=` its path; empty where the address names none.
pub fn host(text: &str) -> String {
    let text = text.trim();
    if let Some(pairs) = pairs(text) {
        return value(&pairs, &["host", "hostaddr", "server", "addr"]).map(|v| bare_host(&v)).unwrap_or_default();
    }
    if let Some((protocol, inside)) = in_brackets(text) {
        return if protocol == "unix" { inside.to_owned() } else { bare_host(inside) };
    }
    let rest = match text.split_once("://") {
        Some((_, rest)) => rest,
        None => match text.split_once(':') {
            Some(("turn" | "turns" | "stun" | "stuns" | "mailto", rest)) => rest,
            _ => text,
        },
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    bare_host(authority.rsplit('@').next().unwrap_or_default())
}

/// A named part of the query, or the pair of that name: `sslmode` of `…?sslmode=disable`. `None`: it is not there.
pub fn query(text: &str, name: &str) -> Option<String> {
    let text = text.trim();
    if let Some(pairs) = pairs(text) {
        return value(&pairs, &[name]).map(Cow::into_owned);
    }
    let (_, query) = text.split_once('?')?;
    let query = query.split('#').next().unwrap_or_default();
    query.split(['&', ';']).find_map(|part| match part.split_once('=') {
        Some((key, value)) => (key == name).then(|| decoded(value)),
        None => (part == name).then(String::new),
    })
}

/// The password, as it is written. `None`: the address holds none.
pub fn password(text: &str) -> Option<Cow<'_, str>> {
    let text = text.trim();
    if let Some(pairs) = pairs(text) {
        return value(&pairs, &["password", "passwd", "pwd"]);
    }
    // A password may hold anything, so its end is the last `@` before the host, or before the brackets.
    let user = match (text.split_once("://"), in_brackets(text)) {
        (Some((_, rest)), _) => {
            let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
            let (authority, _) = rest.split_at_checked(end)?;
            match authority.rsplit_once('@') {
                Some((user, _)) => user,
                // No user, or a `/` or `?` within the password.
                None if authority.split_once(':').is_none_or(|(_, p)| p.bytes().all(|b| b.is_ascii_digit())) => {
                    return None;
                }
                None => rest.rsplit_once('@')?.0,
            }
        }
        (None, Some(_)) => text.split_once('(')?.0.rsplit_once('@')?.0,
        (None, None) => return None,
    };
    user.split_once(':').map(|(_, password)| Cow::Borrowed(password))
}

/// `name:port`, `[::1]:port` without the port, in lower case.
fn bare_host(text: &str) -> String {
    let host = match text.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => match text.split_once(':') {
            Some((name, port)) if !port.contains(':') => name,
            _ => text,
        },
    };
    host.to_ascii_lowercase()
}

/// `tcp` and `host:3306` of `user@tcp(host:3306)/name`.
fn in_brackets(text: &str) -> Option<(&str, &str)> {
    let (before, rest) = text.split_once('(').filter(|_| !text.contains("://"))?;
    let (inside, _) = rest.split_once(')')?;
    let protocol = before.rsplit('@').next().unwrap_or(before);
    let word = !protocol.is_empty() && protocol.bytes().all(|b| b.is_ascii_alphanumeric());
    word.then_some((protocol, inside))
}

type Pairs<'t> = Vec<(&'t str, Cow<'t, str>)>;

fn value<'t>(pairs: &Pairs<'t>, names: &[&str]) -> Option<Cow<'t, str>> {
    names.iter().find_map(|name| pairs.iter().rfind(|(key, _)| key == name)).map(|(_, value)| value.clone())
}

/// `host=db user='a b'`: words with `=`, quoted or not. `None`: the text is no such list.
fn pairs(text: &str) -> Option<Pairs<'_>> {
    let mut out = Pairs::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (key, after) = rest.split_once('=')?;
        let key = key.trim_end();
        if key.is_empty() || !key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            return None;
        }
        let after = after.trim_start();
        let (value, next) = match after.strip_prefix('\'') {
            Some(quoted) => unquote(quoted),
            None => {
                let end = after.find(char::is_whitespace).unwrap_or(after.len());
                let (value, next) = after.split_at_checked(end)?;
                (Cow::Borrowed(value), next)
            }
        };
        out.push((key, value));
        rest = next.trim_start();
    }
    (!out.is_empty()).then_some(out)
}

/// The text up to the closing quote, with `\'` and `\\` taken for what they stand for; and what follows.
fn unquote(text: &str) -> (Cow<'_, str>, &str) {
    let mut out = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\'' => return (Cow::Owned(out), text.get(at + 1..).unwrap_or_default()),
            '\\' => out.extend(letters.next().map(|(_, c)| c)),
            other => out.push(other),
        }
    }
    (Cow::Owned(out), "")
}

/// `%20` and `+` of a query.
fn decoded(text: &str) -> String {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let hex = |b: Option<u8>| b.and_then(|b| (b as char).to_digit(16)).and_then(|d| u8::try_from(d).ok());
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let mut ahead = bytes.clone();
                match (hex(ahead.next()), hex(ahead.next())) {
                    (Some(high), Some(low)) => {
                        out.push(high * 16 + low);
                        bytes = ahead;
                    }
                    _ => out.push(b'%'),
                }
            }
            other => out.push(other),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        for (text, wanted) in [
            ("https://matrix.org/x", "matrix.org"),
            ("turn:turn.example.org:3478?transport=udp", "turn.example.org"),
            ("https://u:p@[::1]:80/", "::1"),
            ("Example.ORG:443", "example.org"),
            ("/var/run/x.sock", ""),
            ("postgres://mm:p@db:5432/mm?sslmode=disable", "db"),
            ("mm:p@tcp(db.example.org:3306)/mm?tls=true", "db.example.org"),
            ("mm@unix(/run/mysqld.sock)/mm", "/run/mysqld.sock"),
            ("host=db port=5432 user='a b'", "db"),
            ("user=mm host=/run/postgresql", "/run/postgresql"),
            ("user=mm", ""),
            ("", ""),
        ] {
            assert_eq!(host(text), wanted, "{text}");
        }
    }

    #[test]
    fn queries() {
        let of = |text: &str, name: &str| query(text, name);
        assert_eq!(of("postgres://u:p@db/x?a=1&sslmode=verify-full#f", "sslmode").as_deref(), Some("verify-full"));
        assert_eq!(of("u:p@tcp(db)/x?tls=skip-verify", "tls").as_deref(), Some("skip-verify"));
        assert_eq!(of("host=db sslmode = disable", "sslmode").as_deref(), Some("disable"));
        assert_eq!(of("https://x/?a=b%20c+d%zz", "a").as_deref(), Some("b c d%zz"));
        assert_eq!(of("https://x/?flag", "flag").as_deref(), Some(""));
        assert_eq!(of("https://x/?a=1", "b"), None);
        assert_eq!(of("https://x/", "a"), None);
    }

    #[test]
    fn passwords() {
        for (text, wanted) in [
            ("postgres://mm:s3cret@db/x", Some("s3cret")),
            ("postgres://mm:s/3@cret@db/x", Some("s/3@cret")),
            ("postgres://mm@db/x", None),
            ("https://db:5432/x?mail=a@b", None),
            ("mm:s:3@tcp(db:3306)/x", Some("s:3")),
            ("mm@tcp(db:3306)/x", None),
            (r"host=db password='s 3\'x'", Some("s 3'x")),
            ("host=db", None),
            ("just text", None),
        ] {
            assert_eq!(password(text).as_deref(), wanted, "{text}");
        }
    }
}
