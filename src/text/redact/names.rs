//! Which keys name a secret.

/// Does the key's last word say that its value is a secret? Words are told apart by `_`, `-`, `.` and capitals, so
/// `tokenizer`, `token_timeout`, `password_config` and `key_path` name none.
pub(super) fn is_secret(key: &str) -> bool {
    // Most keys end here: no secret word ends otherwise, or is shorter.
    let end = key.as_bytes().last().map(u8::to_ascii_lowercase);
    if !matches!(end, Some(b'd' | b'e' | b'l' | b'n' | b'r' | b's' | b't' | b'y')) {
        return false;
    }
    let (before, last) = last_word(key);
    if last.len() < 3 {
        return false;
    }
    let is = |words: &[&str]| words.iter().any(|word| last.eq_ignore_ascii_case(word));
    if is(&["key"]) {
        let (_, owner) = last_word(before.trim_end_matches(['_', '-', '.']));
        return !owner.is_empty() && !NO_SECRET_KEYS.iter().any(|word| owner.eq_ignore_ascii_case(word));
    }
    if is(&WORDS) {
        let (_, owner) = last_word(before.trim_end_matches(['_', '-', '.']));
        return !NO_SECRETS.iter().any(|word| owner.eq_ignore_ascii_case(word));
    }
    ENDINGS.iter().any(|ending| ends_with(last, ending))
}

const WORDS: [&str; 16] = [
    "secret",
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pass",
    "pwd",
    "token",
    "salt",
    "dsn",
    "pepper",
    "credential",
    "credentials",
    "authorization",
    "icesecretread",
    "icesecretwrite",
];

/// Words written together, as INI files like them: `serverpassword`.
const ENDINGS: [&str; 13] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "apikey",
    "privatekey",
    "secretkey",
    "accesskey",
    "encryptkey",
    "encryptionkey",
    "signingkey",
    "linksalt",
    "token",
];

/// A key of these is shown to everyone, or is no key of cryptography.
const NO_SECRET_KEYS: [&str; 22] = [
    "public",
    "pub",
    "site",
    "verify",
    "verifying",
    "primary",
    "foreign",
    "sort",
    "partition",
    "cache",
    "unique",
    "lookup",
    "object",
    "group",
    "map",
    "index",
    "trusted",
    "hot",
    "topology",
    "label",
    "annotation",
    "row",
];

/// `existingSecret: name` and the like name where a secret is kept; `proxy_pass` is an address.
const NO_SECRETS: [&str; 5] = ["existing", "pull", "proxy", "require", "requires"];

fn ends_with(word: &str, ending: &str) -> bool {
    let cut = word.len().checked_sub(ending.len());
    cut.and_then(|cut| word.get(cut..)).is_some_and(|end| end.eq_ignore_ascii_case(ending))
}

/// The last word, and what stands before it: `smtp_` and `pass`, `SMTP` and `Password`, `API_` and `KEY`.
fn last_word(key: &str) -> (&str, &str) {
    let bytes = key.as_bytes();
    let back = |from: usize, test: fn(&u8) -> bool| {
        let kept = bytes.iter().take(from).rev().take_while(|byte| test(byte)).count();
        from - kept
    };
    let small = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let start = back(bytes.len(), small);
    let start = if start == bytes.len() {
        back(start, |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    } else if start > 0 && bytes.get(start - 1).is_some_and(u8::is_ascii_uppercase) {
        start - 1
    } else {
        start
    };
    key.split_at_checked(start).unwrap_or((key, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_end_in_the_letters_that_are_looked_for() {
        for word in WORDS.iter().chain(&ENDINGS).chain(&["key"]) {
            assert!(is_secret(&format!("x_{word}")), "{word}");
        }
    }

    #[test]
    fn whole_words_decide() {
        for key in [
            "secret",
            "password",
            "smtp_pass",
            "db-password",
            "macaroon_secret_key",
            "form_secret",
            "SMTPPassword",
            "AtRestEncryptKey",
            "PublicLinkSalt",
            "API_KEY",
            "apikey",
            "recaptcha_private_key",
            "as_token",
            "hs_token",
            "sentry.dsn",
            "MM_SQLSETTINGS_PASSWORD",
            "serverpassword",
            "icesecretwrite",
            "authToken",
            "AWS_SECRET_ACCESS_KEY",
            "passphrase",
            "pepper",
            "client_secret",
            "registration_shared_secret",
            "password_2fa_token",
            "signing_key",
        ] {
            assert!(is_secret(key), "{key}");
        }
        for key in [
            "tokenizer",
            "token_timeout",
            "password_config",
            "key_path",
            "secret_file",
            "signing_key_path",
            "key",
            "keys",
            "recaptcha_public_key",
            "site_key",
            "primary_key",
            "bypass",
            "compass",
            "monkey",
            "existingSecret",
            "passwords",
            "password_providers",
            "enabled",
            "",
            "_",
            "registration_requires_token",
            "salted",
            "AccessTokenLifetime",
            "x",
        ] {
            assert!(!is_secret(key), "{key}");
        }
    }
}
