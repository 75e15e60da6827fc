//! Objects of Kubernetes.

use super::*;

fn objects(text: &str) -> Objects {
    kubernetes(&read(Format::Yaml, text))
}

const POD: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: chat\nspec:\n  template:\n    spec:\n      containers:\n        \
                   - name: server\n          image: r/chat:10.11\n";

fn container(more: &str) -> Container {
    let more: String = more.lines().map(|line| format!("          {line}\n")).collect();
    let objects = objects(&format!("{POD}{more}"));
    assert_eq!(objects.containers.len(), 1);
    let container = objects.containers.into_iter().next().unwrap();
    check_spans(&container.variables);
    container
}

#[test]
fn containers_have_variables() {
    let container = container(
        "env:\n- name: A\n  value: \"1\"\n- {name: B, value: x y}\n- name: C\n  valueFrom:\n    secretKeyRef:\n      name: s\n      key: k\n\
         - name: D\n  value: http://$(B)/\n- name: E\n  value: $(C)\n- name: F\n  value: $$(A)\n- name: G\n- name: A\n  value: '2'\n\
         - name: H\n  value: $(A)\n",
    );
    assert_eq!(
        variables(&container.variables),
        [
            "A=1 <\"1\">",
            "B=x y",
            "C=?",
            "D=http://x y/ <http://$(B)/>",
            "E=$(C)?",
            "F=$(A) <$$(A)>",
            "G=?",
            "A=2 <'2'>",
            "H=2 <$(A)>",
        ]
    );
    assert_eq!(container.variables.duplicates.len(), 1);
    assert_eq!(&*container.address, "Deployment/chat/server");
    let image = container.image.unwrap();
    assert_eq!((&*image.text, image.open), ("r/chat:10.11", false));
}

#[test]
fn only_ports_of_the_host_are_published() {
    let ports = |text: &str| {
        container(text).published.map(|list| list.iter().map(|port| port.text.to_string()).collect::<Vec<_>>())
    };
    assert_eq!(ports("ports:\n- containerPort: 8065\n"), Some(Vec::new()));
    assert_eq!(
        ports(
            "ports:\n- containerPort: 8065\n  hostPort: 80\n- containerPort: 1\n  hostPort: 2\n  hostIP: 127.0.0.1\n"
        ),
        Some(vec!["0.0.0.0:80:8065".to_owned(), "127.0.0.1:2:1".to_owned()])
    );
    assert_eq!(ports(""), Some(Vec::new()));
    let own = format!("{POD}      hostNetwork: true\n");
    assert!(objects(&own).containers[0].published.is_none());
}

#[test]
fn containers_read_what_is_kept_elsewhere() {
    let text = format!(
        "{POD}{}",
        "          envFrom:\n          - configMapRef: {name: one}\n          - prefix: MM_\n            secretRef: {name: two, optional: true}\n          \
         volumeMounts:\n          - {name: conf, mountPath: /c}\n          - {name: all, mountPath: /d}\n      volumes:\n      \
         - name: conf\n        configMap: {name: three}\n      - name: all\n        projected:\n          sources:\n          \
         - secret: {name: four}\n          - configMap: {name: five}\n      - name: other\n        secret: {secretName: six}\n"
    );
    let reads: Vec<_> = objects(&text).containers[0]
        .reads
        .iter()
        .map(|read| format!("{}{}", read.address, read.prefix.as_ref().map_or(String::new(), |p| format!(" as {p}*"))))
        .collect();
    assert_eq!(reads, ["ConfigMap/one as *", "Secret/two as MM_*", "ConfigMap/three", "Secret/four", "ConfigMap/five"]);
}

#[test]
fn everything_that_makes_pods() {
    let spec = "containers: [{name: c, image: x}]";
    for (kind, body) in [
        ("Pod", format!("spec: {{{spec}}}")),
        ("StatefulSet", format!("spec: {{template: {{spec: {{{spec}}}}}}}")),
        ("DaemonSet", format!("spec: {{template: {{spec: {{{spec}}}}}}}")),
        ("CronJob", format!("spec: {{jobTemplate: {{spec: {{template: {{spec: {{{spec}}}}}}}}}}}")),
    ] {
        let text = format!("apiVersion: v1\nkind: {kind}\nmetadata: {{name: n}}\n{body}\n");
        let found = objects(&text);
        assert_eq!(found.containers.iter().map(|c| c.address.to_string()).collect::<Vec<_>>(), [format!("{kind}/n/c")]);
    }
    assert!(objects("kind: Pod\nspec: {containers: [{name: c}]}\n").is_empty(), "without a version it is no object");
}

#[test]
fn several_documents_and_lists() {
    let map = |name: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata: {{A: '1'}}\n");
    let text = format!("{}---\n# nothing\n---\n{}", map("a"), map("b"));
    assert_eq!(objects(&text).stores.iter().map(|s| &*s.address).collect::<Vec<_>>(), ["ConfigMap/a", "ConfigMap/b"]);
    let text = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n  data: {A: '1'}\n\
                - apiVersion: v1\n  kind: ConfigMapList\n  items:\n  - apiVersion: v1\n    kind: Secret\n    metadata: {name: b}\n    stringData: {B: x}\n";
    assert_eq!(objects(text).stores.iter().map(|s| &*s.address).collect::<Vec<_>>(), ["ConfigMap/a", "Secret/b"]);
    let json = r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"A":"1","c.yaml":"a: 1\nb: \"\u00e9\"\n"}}"#;
    let objects = kubernetes(&read(Format::Json, json));
    assert_eq!(objects.stores[0].files[0].text(), "a: 1\nb: \"é\"\n");
}

#[test]
fn what_is_kept_is_variables_and_files() {
    let text = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  A: plain\n  chat.yaml: |\n    a: 1\ndata:\n  \
                A: aGlkZGVu\n  B: aHVudGVyMg==\n  C: not base64!\n  D: gIE=\n  E: ENC[AES256_GCM,data:x]\n  config.json: eyJhIjogMX0K\n  blob.bin: /+8=\n";
    let objects = objects(text);
    let store = &objects.stores[0];
    let all: Vec<_> = store.variables.iter().map(|set| (set.decoded, variables(set))).collect();
    let own = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        all,
        [
            (
                true,
                own(&[
                    "A=hidden <aGlkZGVu>",
                    "B=hunter2 <aHVudGVyMg==>",
                    "C=not base64!?",
                    "D=gIE=?",
                    "E=ENC[AES256_GCM,data:x]?"
                ])
            ),
            (false, own(&["A=plain"])),
        ]
    );
    let files: Vec<_> = store.files.iter().map(|file| (&*file.name, file.text())).collect();
    assert_eq!(files, [("config.json", "{\"a\": 1}\n"), ("chat.yaml", "a: 1\n")]);
    let set = &store.variables[0];
    assert_eq!(set.written(set.entry(set.root, "B").unwrap().value), "hunter2");
}

#[test]
fn a_chart_is_read_with_its_holes() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ include \"x\" . }}\ndata:\n  A: {{ .Values.a | quote }}\n  \
                {{- if .Values.b }}\n  B: \"1\"\n  {{- else }}\n  B: \"2\"\n  {{- end }}\n  {{- toYaml .Values.more | nindent 2 }}\n";
    let objects = objects(text);
    let set = &objects.stores[0].variables[0];
    assert_eq!(variables(set)[0], "A={{ .Values.a | quote }}?");
    assert_eq!((set.duplicates.len(), set.splices.len(), set.branches.len()), (0, 1, 2));
    let text = format!(
        "{POD}{}",
        "          env:\n          {{- if .x }}\n          - name: A\n            value: \"1\"\n          {{- end }}\n          \
         - name: B\n            {{- if .y }}\n            value: \"1\"\n            {{- else }}\n            value: \"2\"\n            {{- end }}\n          \
         {{- toYaml .Values.more | nindent 10 }}\n"
    );
    let objects = super::kubernetes::objects(&text);
    let set = &objects.containers[0].variables;
    assert_eq!(variables(set), ["A=1 <\"1\">", "B=?"]);
    assert_eq!((set.splices.len(), set.branches.len()), (1, 3));
}

#[test]
fn names_may_get_a_word_before_them() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {A: x}\n";
    let set = &objects(text).stores[0].prefixed("MM_")[0];
    assert_eq!(variables(set), ["MM_A=x <<A>>"]);
}
