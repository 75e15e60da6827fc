//! Compose files.

use super::*;

fn project(text: &str, beside: &str) -> Project {
    compose(&read(Format::Yaml, text), &known(beside)).expect("a compose file")
}

fn environment(service: &str, beside: &str) -> Vec<String> {
    let text = format!("services:\n  chat:\n    image: x\n{}", indented(service, 4));
    let project = project(&text, beside);
    assert_eq!(project.services.len(), 1, "{text}");
    let document = &project.services[0].variables[0];
    check_spans(document);
    assert_eq!(document.format, Format::Env);
    variables(document)
}

fn indented(text: &str, by: usize) -> String {
    text.lines().map(|line| format!("{}{line}\n", " ".repeat(by))).collect()
}

#[test]
fn an_environment_is_a_map_or_a_list() {
    assert_eq!(
        environment("environment:\n  A: 1\n  'B': \"x y\" # c\n  C: 'it''s'\n  D: True\n  E: yes\n  F: 010\n", ""),
        ["A=1", "B=x y <\"x y\"> <<'B'>>", "C=it's <'it''s'>", "D=true <True>", "E=yes", "F=8 <010>"]
    );
    assert_eq!(
        environment(
            "environment:\n  - A=1\n  - \"B=x \\\"y\\\"\"\n  - 'C=it''s'\n  - D=\n  - E=a=b # c\n  - F=\"q\"\n",
            ""
        ),
        ["A=1", "B=x \"y\" <x \\\"y\\\">", "C=it's <it''s>", "D=", "E=a=b", "F=\"q\""]
    );
    assert_eq!(environment("environment: {A: 1, B: 2}\n", ""), ["A=1", "B=2"]);
    assert_eq!(environment("environment: [A=1, 'B=2']\n", ""), ["A=1", "B=2"]);
    assert_eq!(environment("environment:\n", ""), Vec::<String>::new());
    assert_eq!(environment("", ""), Vec::<String>::new());
}

#[test]
fn what_has_no_value_is_taken_from_the_surroundings() {
    let beside = "A=1\nB=2\n";
    assert_eq!(
        environment("environment:\n  A:\n  B: null\n  C: ~\n  D: ''\n", beside),
        ["A=1 <>", "B=2 <>", "C=? <>", "D= <''>"].map(|line| line.replace("? <>", "?"))
    );
    assert_eq!(environment("environment:\n  - A\n  - C\n", beside), ["A=1 <>", "C=?"]);
}

#[test]
fn variables_are_filled_in_from_beside_the_file() {
    let beside = "HOST=chat.example.org\nEMPTY=\n";
    assert_eq!(
        environment(
            "environment:\n  A: https://${HOST}/\n  B: ${DAYS:-30}\n  C: ${EMPTY:-x}\n  D: $NO\n  E: a$$b\n",
            beside
        ),
        [
            "A=https://chat.example.org/ <https://${HOST}/>",
            "B=${DAYS:-30}?30",
            "C=x <${EMPTY:-x}>",
            "D=$NO?",
            "E=a$b <a$$b>"
        ]
    );
    assert_eq!(
        environment("environment:\n  - \"A=${HOST}\"\n  - B={{ x }}\n", beside),
        ["A=chat.example.org <${HOST}>", "B={{ x }}?"]
    );
}

#[test]
fn anchors_merge_keys_and_extensions() {
    let text = "x-base: &base\n  A: 1\n  B: 2\nx-service: &service\n  image: r/chat:1\n  environment: *base\nservices:\n  \
                one:\n    <<: *service\n  two:\n    <<: *service\n    environment:\n      <<: *base\n      B: 3\n      C: 4\n";
    let project = project(text, "");
    let names: Vec<_> = project.services.iter().map(|service| &*service.name).collect();
    assert_eq!(names, ["one", "two"]);
    assert_eq!(variables(&project.services[0].variables[0]), ["A=1", "B=2"]);
    let two = &project.services[1].variables[0];
    assert_eq!(variables(two), ["B=3", "C=4", "A=1"]);
    assert_eq!(two.duplicates, []);
    let entry = two.entry(two.root, "A").unwrap();
    assert_eq!(two.source.slice(entry.alias.unwrap()), "*base");
    assert_eq!(&*project.services[1].image.as_ref().unwrap().text, "r/chat:1");
}

#[test]
fn a_variable_written_twice_is_kept_twice() {
    let project =
        project("services:\n  a:\n    image: x\n    environment:\n      - A=1\n      - B=2\n      - A=3\n", "");
    let document = &project.services[0].variables[0];
    assert_eq!(variables(document), ["A=1", "B=2", "A=3"]);
    let [duplicate] = document.duplicates[..] else { panic!("{:?}", document.duplicates) };
    assert_eq!(document.source.slice(duplicate.second), "A");
    assert!(duplicate.first < duplicate.second);
}

#[test]
fn images_keep_their_tags() {
    let image = |text: &str, beside: &str| {
        let project = project(&format!("services:\n  a:\n    image: {text}\n"), beside);
        let image = project.services[0].image.clone().unwrap();
        assert_eq!(image.source.slice(image.span), text);
        (image.text.to_string(), image.open)
    };
    assert_eq!(image("r/chat", ""), ("r/chat".to_owned(), false));
    assert_eq!(image("'r/chat:10.11'", ""), ("r/chat:10.11".to_owned(), false));
    assert_eq!(image("r/chat:${TAG}", "TAG=10.11"), ("r/chat:10.11".to_owned(), false));
    assert_eq!(image("r/chat:${TAG:-1}", ""), ("r/chat:${TAG:-1}".to_owned(), true));
    assert_eq!(image("\"r/chat:{{ tag }}\"", ""), ("r/chat:{{ tag }}".to_owned(), true));
}

#[test]
fn ports_say_what_the_host_binds() {
    let ports = |text: &str| {
        let project = project(&format!("services:\n  a:\n    image: x\n{}", indented(text, 4)), "P=9\n");
        project.services[0].published.clone().map(|list| {
            list.iter().map(|port| format!("{}{}", port.text, if port.open { "?" } else { "" })).collect::<Vec<_>>()
        })
    };
    let list = "ports:\n  - 8065:8065\n  - \"127.0.0.1:80:8065/tcp\"\n  - 8066\n  - '[::1]:81:82'\n  - 3000-3005:3000-3005\n  \
                - ${P}:1\n  - ${Q:-8}:1\n  - ${Q}:1\n  - ${A:-127.0.0.1}:5:6\n  - target: 80\n    published: \"8080\"\n    host_ip: 127.0.0.1\n  \
                - target: 81\n";
    assert_eq!(
        ports(list).unwrap(),
        [
            "0.0.0.0:8065:8065",
            "127.0.0.1:80:8065",
            "0.0.0.0::8066",
            "[::1]:81:82",
            "0.0.0.0:3000-3005:3000-3005",
            "0.0.0.0:9:1",
            "0.0.0.0:8:1?",
            "0.0.0.0:${Q}:1?",
            "127.0.0.1:5:6?",
            "127.0.0.1:8080:80",
            "0.0.0.0::81",
        ]
    );
    assert_eq!(ports("expose:\n  - 8065\n"), Some(Vec::new()));
    assert_eq!(ports("network_mode: host\nports:\n  - 1:1\n"), None);
    assert_eq!(ports("network_mode: service:vpn\n"), None);
    assert_eq!(ports("network_mode: bridge\nports:\n  - 1:1\n").unwrap(), ["0.0.0.0:1:1"]);
}

#[test]
fn files_that_are_named() {
    let text = "configs:\n  conf:\n    file: ./conf/config.json\n  text:\n    content: |\n      a: 1\nsecrets:\n  pw:\n    file: pw.txt\n\
                services:\n  a:\n    image: x\n    env_file: .env\n    configs: [conf, {source: text, target: /etc/chat.yaml}]\n    secrets: [pw]\n  \
                b:\n    image: x\n    env_file:\n      - ../stack.env\n      - path: ${DIR}/b.env\n        required: false\n      - {{ x }}.env\n    \
                volumes:\n      - data:/data\n      - ./config.json:/chat/config.json:ro\n      - ${CONF:-./conf}:/conf\n      - ${NO}/x:/x\n      \
                - /etc/localtime:/etc/localtime\n      - type: bind\n        source: ./c.json\n        target: /c.json\n      \
                - type: volume\n        source: data\n        target: /d\n      - /anonymous\n";
    let project = project(text, "DIR=env\n");
    let [a, b] = &project.services[..] else { panic!() };
    let files = |links: &[Link]| {
        let show = |link: &Link| {
            format!("{}{}{}", link.path, if link.required { "!" } else { "" }, if link.open { "?" } else { "" })
        };
        links.iter().map(show).collect::<Vec<_>>()
    };
    let mounts = |service: &Service| {
        let show =
            |mount: &Mount| format!("{}>{}{}", mount.from.path, mount.to, if mount.from.open { "?" } else { "" });
        service.mounts.iter().map(show).collect::<Vec<_>>()
    };
    assert_eq!(files(&a.env_files), [".env!"]);
    assert_eq!(files(&b.env_files), ["../stack.env!", "env/b.env", "{{ x }}.env!?"]);
    assert_eq!(mounts(a), ["./conf/config.json>/conf", "pw.txt>/run/secrets/pw"]);
    assert_eq!(
        mounts(b),
        [
            "./config.json>/chat/config.json",
            "./conf>/conf",
            "${NO}/x>/x?",
            "/etc/localtime>/etc/localtime",
            "./c.json>/c.json"
        ]
    );
    assert_eq!(a.files.iter().map(|file| (&*file.name, file.text())).collect::<Vec<_>>(), [("chat.yaml", "a: 1\n")]);
}

#[test]
fn services_that_start_from_others() {
    let text = "services:\n  base:\n    image: x:1\n    environment:\n      A: 1\n      B: 1\n    env_file: a.env\n  chat:\n    extends: base\n    \
                environment:\n      B: 2\n    env_file: b.env\n  far:\n    extends:\n      file: common.yml\n      service: base\n  \
                round:\n    extends:\n      service: round\n";
    let project = project(text, "");
    let chat = project.service("chat").unwrap();
    let all: Vec<_> = chat.variables.iter().flat_map(|set| variables(set)).collect();
    assert_eq!(all, ["A=1", "B=1", "B=2"]);
    assert_eq!(chat.env_files.iter().map(|link| &*link.path).collect::<Vec<_>>(), ["a.env", "b.env"]);
    assert_eq!(&*chat.image.as_ref().unwrap().text, "x:1");
    let (link, name) = project.service("far").unwrap().extends.clone().unwrap();
    assert_eq!((&*link.path, &*name), ("common.yml", "base"));
    assert!(project.service("round").unwrap().extends.is_none());
}

#[test]
fn files_that_are_laid_over_each_other() {
    let base = "services:\n  chat:\n    image: x:1\n    ports: ['1:1']\n    environment:\n      A: 1\n    volumes: ['./a:/a', './b:/b']\n";
    let over = "services:\n  chat:\n    image: x:2\n    ports: ['2:2']\n    environment:\n      A: 2\n    volumes: ['./c:/b']\n  more:\n    image: y\n";
    let project = project(base, "").under(project(over, ""));
    let chat = project.service("chat").unwrap();
    assert_eq!(&*chat.image.as_ref().unwrap().text, "x:2");
    assert_eq!(chat.variables.iter().flat_map(|set| variables(set)).collect::<Vec<_>>(), ["A=1", "A=2"]);
    assert_eq!(
        chat.published.as_ref().unwrap().iter().map(|p| &*p.text).collect::<Vec<_>>(),
        ["0.0.0.0:1:1", "0.0.0.0:2:2"]
    );
    assert_eq!(chat.mounts.iter().map(|m| &*m.from.path).collect::<Vec<_>>(), ["./a", "./c"]);
    assert!(project.service("more").is_some());
}

#[test]
fn other_files_are_none() {
    for text in [
        "",
        "a: 1\n",
        "services: [a, b]\n",
        "services:\n  a: text\n",
        "services:\n  a:\n    port: 80\n    enabled: true\n",
        "services:\n  web:\n    config: {a: 1}\n",
        "image:\n  repository: r/chat\nservices:\n  main:\n    type: ClusterIP\n",
    ] {
        assert!(compose(&read(Format::Yaml, text), &Variables::default()).is_none(), "{text}");
    }
}
