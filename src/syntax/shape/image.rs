//! References of container images: `registry:5000/group/name:tag@digest`.

/// The parts of a reference.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Reference<'a> {
    /// Registry, groups and name.
    pub name: &'a str,
    /// What follows the colon after the name.
    pub tag: Option<&'a str>,
}

/// Takes a reference apart.
pub fn reference(text: &str) -> Reference<'_> {
    let text = text.split('@').next().unwrap_or_default().trim();
    // A colon before the last slash belongs to the registry's port.
    let name_at = text.rfind('/').map_or(0, |slash| slash + 1);
    // What a variable holds may have a colon too: `name:${TAG:-1.2}`.
    let colon = text.get(name_at..).and_then(|name| name.find(':')).map(|colon| name_at + colon);
    match colon.and_then(|colon| text.split_at_checked(colon)) {
        Some((name, tag)) => Reference { name, tag: tag.get(1..).filter(|tag| !tag.is_empty()) },
        None => Reference { name: text, tag: None },
    }
}

impl Reference<'_> {
    /// Is it this image, from whatever registry or mirror?
    pub fn is(&self, image: &str) -> bool {
        // What stands for Docker's own registry says nothing.
        let plain = |name: &'_ str| -> usize {
            ["docker.io/", "index.docker.io/"].iter().find(|host| name.starts_with(**host)).map_or(0, |host| host.len())
        };
        let own = self.name.get(plain(self.name)..).unwrap_or_default();
        let wanted = image.get(plain(image)..).unwrap_or_default();
        own.strip_suffix(wanted).is_some_and(|before| before.is_empty() || before.ends_with('/'))
    }

    /// The name without registry and groups.
    pub fn short(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_taken_apart() {
        for (text, name, tag) in [
            ("nginx", "nginx", None),
            ("nginx:1.27", "nginx", Some("1.27")),
            ("localhost:5000/a/b", "localhost:5000/a/b", None),
            ("localhost:5000/a/b:v1@sha256:00", "localhost:5000/a/b", Some("v1")),
            ("a/b@sha256:00", "a/b", None),
            ("a/b:${TAG:-1.2}", "a/b", Some("${TAG:-1.2}")),
            ("a/b:", "a/b", None),
            ("", "", None),
        ] {
            assert_eq!(reference(text), Reference { name, tag }, "{text}");
        }
    }

    #[test]
    fn a_mirror_is_the_same_image() {
        for (text, image, yes) in [
            ("a/chat:1", "a/chat", true),
            ("docker.io/a/chat", "a/chat", true),
            ("a/chat", "docker.io/a/chat", true),
            ("mirror.example.org:5000/a/chat:2", "a/chat", true),
            ("other/chat", "a/chat", false),
            ("xa/chat", "a/chat", false),
            ("a/chat-plus", "a/chat", false),
            ("x/chat", "chat", true),
            ("xchat", "chat", false),
            ("chat", "chat", true),
        ] {
            assert_eq!(reference(text).is(image), yes, "{text} {image}");
        }
        assert_eq!(reference("r/a/chat:1").short(), "chat");
    }
}
