//! What a deployment stands in.

use super::*;
use crate::syntax::{Image, Published, Shape};
use crate::text::Span;

const PLATFORM: &str = r#"
[document.env]
formats = ["env"]
[setting]
x = { codec = "text", absent = [{ when = "context.version < '1.5'", value = "old" }, { value = "new" }] }
[context]
free = { type = "bool", cases = { from = "context.image == 'small/free'" } }
outside = { type = "bool", cases = { from = "context.published.exists(p, p.endsWith(':8065') && !loopback(p))" } }
"#;

fn with(image: Option<&str>, open: bool, shape: Shape, published: Option<&[&str]>) -> Deployment<'static> {
    let platform = platform(PLATFORM);
    let mut sheet = sheet(platform, "env", "Y=1\n");
    let source = Arc::clone(&sheet.document.source);
    sheet.shape = shape;
    sheet.image = image
        .map(|text| Arc::new(Image { text: text.into(), source: Arc::clone(&source), span: Span::new(0, 1), open }));
    sheet.published = published.map(|list| {
        list.iter()
            .map(|p| Published {
                text: (*p).into(),
                source: Arc::clone(&source),
                span: Span::new(0, 1),
                open: p.contains('$'),
            })
            .collect()
    });
    Deployment::new(facts(), Some(platform), Input { sheets: vec![sheet], ..Input::default() })
}

#[test]
fn an_image_tells_edition_and_release() {
    for (image, open, free, x) in [
        (Some("small/free:1.2.3"), false, "true", "old"),
        (Some("registry.example.org:5000/small/free:v2.0-rc1@sha256:00"), false, "true", "new"),
        (Some("small/server:latest"), false, "false", "unknown: version [old, new]"),
        (Some("small/server:${TAG}"), true, "false", "unknown: version [old, new]"),
        (Some("other:1.2"), false, "false", "unknown: version [old, new]"),
        (Some("${IMAGE}"), true, "unknown: templated", "unknown: version [old, new]"),
        (None, false, "unknown: context", "unknown: version [old, new]"),
    ] {
        let d = with(image, open, Shape::Compose, None);
        assert_eq!((value(&d, "context.free"), value(&d, "setting.x")), (free.into(), x.into()), "{image:?}");
    }
}

#[test]
fn a_user_s_release_wins_over_a_tag() {
    let platform = platform(PLATFORM);
    let d = with(Some("small/server:2.0"), false, Shape::Compose, None);
    let input = Input {
        sheets: d.sheets().to_vec(),
        version: Version::parse("1.1"),
        context: vec![("image".into(), "small/free".into())],
        ..Input::default()
    };
    let d = Deployment::new(facts(), Some(platform), input);
    assert_eq!((value(&d, "setting.x"), value(&d, "context.free")), ("old".into(), "true".into()));
}

#[test]
fn shapes_and_ports() {
    let d = with(None, false, Shape::Kubernetes, None);
    assert_eq!(value(&d, "context.shape == 'kubernetes'"), "true");
    assert_eq!(value(&d, "context.outside"), "unknown: context");
    let outside = |ports: &[&str]| value(&with(None, false, Shape::Compose, Some(ports)), "context.outside");
    assert_eq!(outside(&[]), "false");
    assert_eq!(outside(&["127.0.0.1:8065:8065"]), "false");
    assert_eq!(outside(&["127.0.0.1:8065:8065", "0.0.0.0:80:8065"]), "true");
    assert_eq!(outside(&["127.0.0.1:8065:8065", "${BIND}:80:8065"]), "unknown: templated");
}

#[test]
fn states_differ_where_the_surroundings_do() {
    let states = |image: &str| with(Some(image), false, Shape::Compose, None).circumstances();
    assert_ne!(states("small/free:2.0"), states("small/server:2.0"));
    assert_ne!(states("small/server:1.9"), states("small/server:2.0"));
    assert_eq!(states("small/server:2.0"), states("small/server:2.0"));
}
