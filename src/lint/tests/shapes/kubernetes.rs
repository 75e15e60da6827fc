//! Files of Kubernetes.

use super::*;

fn map(name: &str, data: &str) -> String {
    let data: String = data.lines().map(|line| format!("  {line}\n")).collect();
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n{data}")
}

fn workload(image: &str, more: &str) -> String {
    let more: String = more.lines().map(|line| format!("        {line}\n")).collect();
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: chat\nspec:\n  template:\n    spec:\n      containers:\n      - name: server\n        image: {image}\n{more}"
    )
}

const MAIN: &str = "parley.yaml: |\n  server_name: x\n  guests: true   # everyone\n  ips_kept: 90d\n";

#[test]
fn a_file_inside_a_config_map() {
    let text = map("conf", MAIN);
    let files = [("k/conf.yaml", text.as_str())];
    let report = judged(&files);
    assert_eq!(deployments(&report), ["k/conf.yaml#ConfigMap/conf/parley.yaml: k/conf.yaml"]);
    assert_eq!(places(&report, &files, "guests"), ["true in k/conf.yaml"]);
    assert_eq!(places(&report, &files, "addresses"), ["90d in k/conf.yaml"]);
    assert_eq!(via(&report, "guests"), ["kubernetes"]);
    let detected: Vec<_> = report.deployments[0].detected_by.iter().map(|d| d.as_str()).collect();
    assert_eq!(detected[0], "parley.yaml (ConfigMap/conf)");
}

#[test]
fn variables_of_a_container() {
    let text = workload(
        "registry.example.org/parley/server:1.7",
        "env:\n- name: PARLEY_GUESTS\n  value: \"true\"\n- name: PARLEY_IPS_KEPT\n  valueFrom:\n    configMapKeyRef: {name: c, key: k}\n",
    );
    let files = [("k/chat.yaml", text.as_str())];
    let report = judged(&files);
    assert_eq!(deployments(&report), ["k/chat.yaml#Deployment/chat/server: k/chat.yaml"]);
    assert_eq!(places(&report, &files, "guests"), ["\"true\" in k/chat.yaml"]);
    assert!(fact(&report, "metadata.ip_retention").starts_with("unknown"));
    assert_eq!(report.deployments[0].version.as_ref().unwrap().as_str(), "1.7");
    let detected: Vec<_> = report.deployments[0].detected_by.iter().map(|d| d.as_str()).collect();
    assert_eq!(detected, ["container `server` of Deployment/chat", "image server:1.7"]);
}

#[test]
fn a_container_reads_maps_and_secrets_of_its_folder() {
    let chat = workload("parley/server:1.7", "envFrom:\n- configMapRef: {name: conf}\n- secretRef: {name: keys}\n");
    let conf = map("conf", "PARLEY_GUESTS: \"true\"\nPARLEY_IPS_KEPT: 90d\n");
    let keys =
        "apiVersion: v1\nkind: Secret\nmetadata: {name: keys}\nstringData:\n  DB: x\ndata:\n  PARLEY_IPS_KEPT: MWQ=\n";
    let files = [("k/chat.yaml", chat.as_str()), ("k/conf.yaml", conf.as_str()), ("k/keys.yaml", keys)];
    let report = judged(&files);
    assert_eq!(deployments(&report), ["k/chat.yaml#Deployment/chat/server: k/chat.yaml, k/conf.yaml, k/keys.yaml"]);
    assert_eq!(fact(&report, "account.guests"), "write");
    assert_eq!(fact(&report, "metadata.ip_retention"), "1d", "the later source wins, and is decoded");
    assert_eq!(fact(&report, "account.mfa"), "absent");
    // In one file with several documents it is the same.
    let all = format!("{chat}---\n{conf}---\n{keys}");
    let report = judged(&[("all.yaml", all.as_str())]);
    assert_eq!(deployments(&report), ["all.yaml#Deployment/chat/server: all.yaml"]);
    assert_eq!(fact(&report, "metadata.ip_retention"), "1d");
    // What is not there leaves open what it may hold.
    let report = judged(&[("k/chat.yaml", chat.as_str()), ("k/conf.yaml", conf.as_str())]);
    assert_eq!(fact(&report, "account.guests"), "write");
    assert_eq!(why(&report, "account.mfa"), "`Secret/keys`, which line 13 of k/chat.yaml names, was not found");
}

#[test]
fn a_container_with_the_file_that_it_mounts() {
    let chat = workload(
        "parley/server:1.7",
        "env:\n- {name: PARLEY_GUESTS, value: \"false\"}\nvolumeMounts:\n- {name: conf, mountPath: /etc/parley}\n",
    ) + "      volumes:\n      - name: conf\n        configMap: {name: conf}\n";
    let conf = map("conf", MAIN);
    let all = format!("{conf}---\n{chat}");
    let files = [("all.yaml", all.as_str())];
    let report = judged(&files);
    assert_eq!(deployments(&report), ["all.yaml#ConfigMap/conf/parley.yaml: all.yaml"]);
    assert_eq!(fact(&report, "account.guests"), "off", "the variable comes over the file");
    assert_eq!(places(&report, &files, "addresses"), ["90d in all.yaml"]);
    assert_eq!(report.deployments[0].version.as_ref().unwrap().as_str(), "1.7");
    // A container that is known only by what it mounts.
    let other = all.replace("parley/server:1.7", "someone/chat");
    let report = judged(&[("all.yaml", other.as_str())]);
    assert_eq!(deployments(&report), ["all.yaml#ConfigMap/conf/parley.yaml: all.yaml"]);
}

#[test]
fn a_map_and_a_secret_side_by_side_are_one() {
    let conf = map("conf", "PARLEY_GUESTS: \"true\"\n");
    let keys = "apiVersion: v1\nkind: Secret\nmetadata: {name: keys}\nstringData:\n  PARLEY_SECRET: hunter2hunter2\n";
    let files = [("k/conf.yaml", conf.as_str()), ("k/keys.yaml", keys)];
    let report = judged(&files);
    assert_eq!(deployments(&report), ["k/conf.yaml#ConfigMap/conf: k/conf.yaml, k/keys.yaml"]);
    let two = map("conf2", "PARLEY_GUESTS: \"false\"\n");
    let report = judged(&[("k/conf.yaml", conf.as_str()), ("k/conf2.yaml", two.as_str())]);
    assert_eq!(
        deployments(&report),
        ["k/conf.yaml#ConfigMap/conf: k/conf.yaml", "k/conf2.yaml#ConfigMap/conf2: k/conf2.yaml"]
    );
}

#[test]
fn a_main_document_and_its_part_in_one_map() {
    let text =
        map("conf", &format!("{MAIN}log.yaml: |\n  formatters: {{}}\n  handlers: {{}}\n  root:\n    level: DEBUG\n"));
    let files = [("conf.yaml", text.as_str())];
    let report = judged(&files);
    assert_eq!(report.deployments.len(), 1);
    assert_eq!(places(&report, &files, "logs"), ["DEBUG in conf.yaml"]);
}

#[test]
fn lists_and_json() {
    let text = r#"{"apiVersion": "v1", "kind": "List", "items": [
  {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "other"}, "data": {"A": "1"}},
  {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "conf"}, "data": {"parley.yaml": "server_name: x\nguests: true\n"}}
]}"#;
    let files = [("k/list.json", text)];
    let report = judged(&files);
    assert_eq!(deployments(&report), ["k/list.json#ConfigMap/conf/parley.yaml: k/list.json"]);
    assert_eq!(places(&report, &files, "guests"), ["true in k/list.json"]);
    assert!(report.findings.iter().all(|f| f.fix.is_none()), "nothing is written into an escaped text");
}

#[test]
fn base64_of_a_whole_file() {
    // server_name: x\nguests: true\n
    let text = "apiVersion: v1\nkind: Secret\nmetadata: {name: conf}\ndata:\n  parley.yaml: c2VydmVyX25hbWU6IHgKZ3Vlc3RzOiB0cnVlCg==\n";
    let files = [("k/conf.yaml", text)];
    let report = judged(&files);
    assert_eq!(deployments(&report), ["k/conf.yaml#Secret/conf/parley.yaml: k/conf.yaml"]);
    assert_eq!(places(&report, &files, "guests"), ["c2VydmVyX25hbWU6IHgKZ3Vlc3RzOiB0cnVlCg== in k/conf.yaml"]);
    assert!(report.findings.iter().all(|f| f.fix.is_none()));
}

#[test]
fn a_chart_is_read_with_its_holes() {
    let text = workload(
        "\"parley/server:{{ .Values.tag }}\"",
        "env:\n{{- if .Values.open }}\n- name: PARLEY_GUESTS\n  value: \"true\"\n{{- end }}\n- name: PARLEY_IPS_KEPT\n  value: {{ .Values.kept | quote }}\n- name: PARLEY_TWO_FACTOR\n  value: \"true\"\n",
    );
    let report = judged(&[("templates/chat.yaml", text.as_str())]);
    assert_eq!(report.deployments.len(), 1, "{:?}", report.errors);
    assert!(fact(&report, "account.guests").starts_with("unknown"));
    assert!(fact(&report, "metadata.ip_retention").starts_with("unknown"));
    assert_eq!(fact(&report, "account.mfa"), "everyone");
    // Values of a chart are no shape of this kind.
    let values = "image:\n  repository: parley/server\n  tag: 1.7\nenv:\n  PARLEY_GUESTS: true\nservices:\n  main:\n    port: 80\nconfig:\n  PARLEY_GUESTS: true\n";
    assert_eq!(deployments(&judged(&[("values.yaml", values)])), Vec::<String>::new());
}

#[test]
fn a_sidecar_is_no_server() {
    let text = workload("parley/server", "envFrom:\n- configMapRef: {name: conf}\n")
        + "      - name: metrics\n        image: other/exporter\n        envFrom:\n        - configMapRef: {name: conf}\n";
    let text = format!("{text}---\n{}", map("conf", "PARLEY_GUESTS: \"true\"\n"));
    let report = judged(&[("k/chat.yaml", text.as_str())]);
    assert_eq!(deployments(&report), ["k/chat.yaml#Deployment/chat/server: k/chat.yaml"]);
}
