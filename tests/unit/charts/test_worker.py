"""What the process that renders says of charts: objects, mistakes, and values without effect."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from groundplan.charts.worker import proven
from tests.unit.charts.served import SHOP, packed

PLAIN = "apiVersion: v1\nkind: ConfigMap"
WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: web
        image: example.com/web:1
"""
DEFINITION = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: carts.shop.example.com
spec:
  group: shop.example.com
  names:
    kind: Cart
    plural: carts
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              size:
                type: integer
              wheels:
                x-kubernetes-int-or-string: true
              extra:
                type: object
                x-kubernetes-preserve-unknown-fields: true
"""
CART = """\
apiVersion: shop.example.com/v1
kind: Cart
metadata: {{name: cart}}
spec: {spec}
"""


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    path = tmp_path / "shop.tgz"
    path.write_bytes(packed())
    return path


def asked(path: Path, *values: str, sets: tuple[tuple[str, str], ...] = ()) -> dict[str, Any]:
    return {"chart": str(path), "name": "shop", "namespace": "shops", "values": values, "sets": sets}


def answer(path: Path, *values: str, version: str = "1.35", **more: Any) -> dict[str, Any]:
    (one,) = answers(asked(path, *values, **more), version=version)
    return one


def answers(*requests: Mapping[str, Any], version: str = "1.35") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = proven({"version": version, "schemas": version, "releases": requests})["releases"]
    return found


def of_files(tmp_path: Path, name: str = "shop", **templates: str) -> Path:
    files = {f"templates/{key}.yaml": text for key, text in templates.items() if key != "crds"}
    crds = {"crds/crds.yaml": templates["crds"]} if "crds" in templates else {}
    path = tmp_path / f"{name}.tgz"
    path.write_bytes(packed({**SHOP, "Chart.yaml": SHOP["Chart.yaml"], **crds, **files}))
    return path


def mistakes(one: Mapping[str, Any]) -> list[Any]:
    return [mistake for each in one["objects"] for mistake in each["mistakes"]]


def test_a_chart_is_rendered_with_the_values_over_its_own(chart: Path) -> None:
    (rendered,) = answer(chart, "color: blue", "")["objects"]
    assert rendered["template"] == "shop/templates/config.yaml"
    assert rendered["object"]["metadata"] == {"name": "shop", "namespace": "shops"}
    assert rendered["object"]["data"] == {"color": "blue"}
    assert rendered["mistakes"] == []


def test_set_blocks_are_over_the_values(chart: Path) -> None:
    (rendered,) = answer(chart, "color: blue", sets=(("auto", "color=green"),))["objects"]
    assert rendered["object"]["data"] == {"color": "green"}


@pytest.mark.parametrize(
    ("kind", "text", "color"),
    [
        ("string", "color=7", "7"),
        ("literal", r"color={a,b}\n\,c=d", r"{a,b}\n\,c=d"),
        ("literal", "color=", ""),
    ],
)
def test_a_set_block_has_a_type(chart: Path, kind: str, text: str, color: str) -> None:
    one = answer(chart, sets=((kind, text),))
    assert one["error"] == ""
    assert one["objects"][0]["object"]["data"] == {"color": color}


def test_a_folder_is_a_chart_too(tmp_path: Path) -> None:
    for name, text in SHOP.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert len(answer(tmp_path)["objects"]) == 1


def test_the_version_of_kubernetes_is_the_one_that_is_asked_for(tmp_path: Path) -> None:
    text = SHOP["templates/config.yaml"] + "  version: {{ .Capabilities.KubeVersion.Version }}\n"
    (rendered,) = answer(of_files(tmp_path, config=text), version="1.31")["objects"]
    assert rendered["object"]["data"]["version"] == "v1.31.0"


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ('{{ fail "no color" }}', "no color"),
        ("{{ .Values.color", "unclosed action"),
        ("a: [", "renders what is not YAML"),
        ("a: 1", "without apiVersion and kind"),
        (f"{PLAIN}\nmetadata: a", "renders a ConfigMap whose metadata is no map"),
        (f"{PLAIN}\nmetadata: {{annotations: [a]}}", "renders a ConfigMap whose annotations are no map"),
        ("apiVersion: v1\nkind: List\nitems: 5", "renders a List whose items are no list"),
        ("apiVersion: v1\nkind: List\nitems: [{metadata: {name: a}}]", "without apiVersion and kind"),
        ("apiVersion: [v1]\nkind: {a: b}", "without apiVersion and kind"),
        (f"{PLAIN}\ndata: {'[' * 300}{']' * 300}", "nested more than 100 levels deep"),
        (f"{PLAIN}\ndata: {{a: .inf}}", "renders what is not YAML"),
    ],
)
def test_a_chart_that_does_not_render_says_why(tmp_path: Path, template: str, words: str) -> None:
    one = answer(of_files(tmp_path, config=template))
    assert words in one["error"]
    assert one["objects"] == []


def test_what_is_no_chart_says_so(tmp_path: Path) -> None:
    (tmp_path / "no.tgz").write_bytes(b"no")
    assert answer(tmp_path / "no.tgz")["error"]
    assert "no map" in answer(of_files(tmp_path), "- a")["error"]


def test_a_schema_of_values_is_asked(tmp_path: Path) -> None:
    schema = '{"type": "object", "properties": {"color": {"enum": ["red"]}}, "additionalProperties": false}'
    path = tmp_path / "shop.tgz"
    path.write_bytes(packed({**SHOP, "values.schema.json": schema}))
    assert answer(path, "color: red")["refused"] == ""
    assert "colour" in answer(path, "colour: red")["refused"]


def test_a_field_of_the_wrong_type_is_a_mistake(tmp_path: Path) -> None:
    path = of_files(tmp_path, web=WEB, config="")
    assert mistakes(answer(path, "replicas: 2")) == []
    assert mistakes(answer(path, "replicas: '\"two\"'")) == [
        ["spec.replicas", 'its value is not of types "null", "integer"']
    ]


def test_a_field_that_does_not_exist_is_a_mistake(tmp_path: Path) -> None:
    path = of_files(tmp_path, web=WEB.replace("image:", "imagee:"), config="")
    ((where, message),) = mistakes(answer(path, "replicas: 2"))
    assert where == "spec.template.spec.containers[0]"
    assert "imagee" in message


def test_a_kind_that_a_version_does_not_have_has_no_schema(tmp_path: Path) -> None:
    text = "apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nmetadata: {name: a}\n"
    (rendered,) = answer(of_files(tmp_path, config=text))["objects"]
    assert rendered["mistakes"] is None


@pytest.mark.parametrize(
    ("spec", "wrong"),
    [
        ("{size: 1, wheels: 4, extra: {any: thing}}", []),
        ("{wheels: four}", []),
        ("{size: large}", ["spec.size"]),
        ("{sise: 1}", ["spec"]),
        ("{wheels: [1]}", ["spec.wheels"]),
    ],
)
def test_custom_resources_are_held_to_the_definitions_of_any_chart(tmp_path: Path, spec: str, wrong: list[str]) -> None:
    defining = of_files(tmp_path, "operator", crds=DEFINITION, config="")
    using = of_files(tmp_path, "using", config=CART.format(spec=spec))
    _, one = answers(asked(defining), asked(using))
    assert [path for path, _ in mistakes(one)] == wrong


@pytest.mark.parametrize("where", ["crds", "crd"])
@pytest.mark.parametrize(
    "definition",
    [
        DEFINITION.partition("spec:")[0] + "spec: x\n",
        DEFINITION.replace("type: integer", "type: integer\n                pattern: '['"),
        DEFINITION.replace("type: integer", "type: whole"),
        DEFINITION.replace("type: integer", "$ref: http://example.com/a"),
        DEFINITION.replace("properties:\n          spec:", "properties: a\n        items:\n          spec:"),
        DEFINITION.replace("kind: Cart", "kind: [Cart]"),
    ],
    ids=["spec", "pattern", "type", "reference", "properties", "kind"],
)
def test_a_definition_that_cannot_be_read_brings_no_schema(tmp_path: Path, where: str, definition: str) -> None:
    config = SHOP["templates/config.yaml"]
    defining = of_files(tmp_path, "operator", config=config, **{where: definition})
    using = of_files(tmp_path, "using", config=CART.format(spec="{size: large}"))
    operator, one = answers(asked(defining), asked(using))
    assert (operator["error"], one["error"]) == ("", "")
    assert [each["mistakes"] for each in one["objects"]] == [None]


@pytest.mark.parametrize(
    "crds", [f"{DEFINITION}\n  a: [", f"- a\n{DEFINITION}", "- a:\n    kind: Cart"], ids=["yaml", "mixed", "list"]
)
def test_a_file_of_definitions_that_is_none_brings_no_schema(tmp_path: Path, crds: str) -> None:
    (one,) = answers(asked(of_files(tmp_path, config=CART.format(spec="{}"), crds=crds)))
    assert (one["error"], [each["mistakes"] for each in one["objects"]]) == ("", [None])


def test_what_one_release_gets_wrong_is_not_the_error_of_another(tmp_path: Path) -> None:
    poison = of_files(tmp_path, "poison", config=f"{PLAIN}\nmetadata: a")
    bad = of_files(tmp_path, "bad", web=WEB, config="")
    first, second = answers(asked(poison), asked(bad, "replicas: two"))
    assert "metadata is no map" in first["error"]
    assert [path for path, _ in mistakes(second)] == ["spec.replicas"]


def test_what_an_object_holds_is_not_told(tmp_path: Path) -> None:
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {password: [hunter2]}\n"
    ((path, message),) = mistakes(answer(of_files(tmp_path, config=secret)))
    assert path == "stringData.password"
    assert "hunter2" not in message
    cart = of_files(tmp_path, crd=DEFINITION, config=CART.format(spec="{size: hunter2}"))
    assert [message[:24] for _, message in mistakes(answer(cart))] == ["its value is not of type"]


def test_a_kind_with_a_long_name_has_no_schema(tmp_path: Path) -> None:
    text = f"apiVersion: v1\nkind: {'A' * 300}\nmetadata: {{name: a}}\n"
    assert [one["mistakes"] for one in answer(of_files(tmp_path, config=text))["objects"]] == [None]


def test_a_definition_that_is_rendered_counts_as_one_of_crds(tmp_path: Path) -> None:
    path = of_files(tmp_path, crd=DEFINITION, config=CART.format(spec="{size: large}"))
    assert [where for where, _ in mistakes(answer(path))] == ["spec.size"]


@pytest.mark.parametrize("where", ["crds", "crd"])
def test_charts_see_the_kinds_that_others_bring(tmp_path: Path, where: str) -> None:
    asks = (
        '{{ if .Capabilities.APIVersions.Has "shop.example.com/v1/Cart" }}' + SHOP["templates/config.yaml"] + "{{end}}"
    )
    asking = of_files(tmp_path, "asking", config=asks)
    defining = of_files(tmp_path, "operator", config="", **{where: DEFINITION})
    assert len(answers(asked(asking), asked(defining))[0]["objects"]) == 1
    assert answer(asking)["objects"] == []


def test_objects_of_tests_are_left_out_and_those_of_other_hooks_are_not(tmp_path: Path) -> None:
    def hooked(hook: str) -> str:
        note = f"metadata:\n  annotations: {{helm.sh/hook: {hook}}}\n"
        return SHOP["templates/config.yaml"].replace("metadata:\n", note)

    path = of_files(tmp_path, config="", one=hooked("test"), two=hooked('"pre-install,pre-upgrade"'))
    assert [one["template"] for one in answer(path)["objects"]] == ["shop/templates/two.yaml"]


def test_a_list_is_its_items(tmp_path: Path) -> None:
    item = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}"
    path = of_files(tmp_path, config=f"apiVersion: v1\nkind: List\nitems: [{item}, {item}]\n")
    assert len(answer(path)["objects"]) == 2


class TestIgnored:
    @pytest.mark.parametrize(
        ("values", "ignored"),
        [
            ("color: blue", []),
            ("color: red", []),
            ("colour: blue", ["colour"]),
            ("color: blue\nsize: {small: true, list: [1]}", ["size.list[0]", "size.small"]),
        ],
    )
    def test_a_leaf_that_changes_nothing_is_found(self, chart: Path, values: str, ignored: list[str]) -> None:
        one = answer(chart, values)
        assert (one["ignored"], one["unknown"]) == (ignored, [])

    def test_a_switch_matters_by_what_it_switches(self, tmp_path: Path) -> None:
        text = "{{ if .Values.lit }}" + SHOP["templates/config.yaml"] + "{{ end }}"
        path = of_files(tmp_path, config=text)
        assert answer(path, "lit: true\ncolor: blue")["ignored"] == []
        assert answer(path, "lit: false\ncolor: blue")["ignored"] == ["color"]

    def test_what_is_hidden_by_an_encoding_matters(self, tmp_path: Path) -> None:
        text = SHOP["templates/config.yaml"].replace("| quote", "| b64enc")
        digest = SHOP["templates/config.yaml"].replace("| quote", "| sha256sum")
        assert answer(of_files(tmp_path, config=text), "color: blue")["ignored"] == []
        assert answer(of_files(tmp_path, "other", config=digest), "color: blue")["ignored"] == []

    def test_a_value_that_a_chart_refuses_to_take_another_way_matters(self, tmp_path: Path) -> None:
        refusing = '{{ if ne .Values.mode "fast" }}{{ fail "no" }}{{ end }}' + SHOP["templates/config.yaml"]
        assert answer(of_files(tmp_path, config=refusing), "mode: fast\ncolor: blue\nnothing: 1")["ignored"] == [
            "nothing"
        ]

    def test_passwords_of_chance_hide_nothing(self, tmp_path: Path) -> None:
        text = SHOP["templates/config.yaml"] + "  password: {{ randAlphaNum 12 }}\n"
        assert answer(of_files(tmp_path, config=text), "color: blue\nnothing: 1")["ignored"] == ["nothing"]

    def test_values_that_go_to_a_dependency_matter_there(self, tmp_path: Path) -> None:
        inner = {f"charts/inner/{name}": text for name, text in SHOP.items()}
        inner["charts/inner/Chart.yaml"] = "apiVersion: v2\nname: inner\nversion: 1.0.0\n"
        inner["charts/inner/templates/config.yaml"] = (
            SHOP["templates/config.yaml"] + "  lit: {{ .Values.lit | ternary 1 2 | quote }}\n"
        )
        path = tmp_path / "shop.tgz"
        path.write_bytes(packed({"Chart.yaml": SHOP["Chart.yaml"], **inner}))
        one = answer(path, "inner: {color: blue, lit: true, dark: true}\ncolor: blue")
        assert one["ignored"] == ["color", "inner.dark"]

    def test_a_value_that_matters_where_a_cluster_answers_is_not_ignored(self, tmp_path: Path) -> None:
        kept = '{{ if and .Values.keep (lookup "v1" "Secret" "shops" "tls") }}kept: true{{ end }}'
        path = of_files(tmp_path, config=SHOP["templates/config.yaml"] + f"  keep: '{kept}'\n")
        one = answer(path, "keep: true\nother: true")
        assert (one["ignored"], one["asking"]) == (["other"], ["keep"])

    def test_helpers_count(self, tmp_path: Path) -> None:
        files = {**SHOP, "templates/_helpers.tpl": '{{ define "lit" }}{{ if .Values.deep.lit }}1{{ end }}{{ end }}'}
        files["templates/config.yaml"] += '  lit: {{ include "lit" . | quote }}\n'
        path = tmp_path / "shop.tgz"
        path.write_bytes(packed(files))
        assert answer(path, "deep: {lit: true, dark: true}")["ignored"] == ["deep.dark"]


def test_keys_and_values_are_what_kubernetes_reads(tmp_path: Path) -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {on: 2026-01-01, b: 1:30, c: 0o7}\n"
    (rendered,) = answer(of_files(tmp_path, config=text))["objects"]
    assert rendered["object"]["data"] == {"true": "2026-01-01", "b": "1:30", "c": 7}


def test_what_the_program_of_helm_has_rendered_is_proven_the_same_way() -> None:
    text = "---\n# Source: a\n" + WEB.replace("{{ .Values.replicas }}", "two")
    (one,) = answers({"text": text})
    assert [path for path, _ in mistakes(one)] == ["spec.replicas"]
    assert one["ignored"] is None
