"""Provider schemas: the two routes to them agree, and the archives that ship are what they say."""

from __future__ import annotations

import base64
import csv
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import build
import pytest
from archives import write_archive
from bindings import UnknownPatternError, read_bindings

from groundplan.terraform.archive import KINDS, SCHEMA_FOLDER, SchemaArchive, schema_sources
from groundplan.terraform.offline import offline_session
from groundplan.terraform.plugin_process import PluginProcess
from groundplan.terraform.runner import Runner, embedded_program

BAKERY = Path(__file__).parent / "bakery"
ARCHIVES = sorted(SCHEMA_FOLDER.glob("*.zip"))
TOOL = Path(build.__file__).parent
EXPECTED = {
    "archive": ("2.8.1", 1, 1, 0),
    "aws": ("6.69.1", 1735, 685, 11),
    "aws-5": ("5.100.0", 1526, 608, 7),
    "cloudinit": ("2.4.1", 1, 1, 0),
    "external": ("2.4.2", 0, 1, 0),
    "google": ("8.7.0", 1375, 471, 6),
    "google-7": ("7.46.1", 1346, 465, 6),
    "google-beta": ("8.7.0", 1493, 499, 6),
    "google-beta-7": ("7.46.1", 1475, 499, 6),
    "helm": ("3.3.0", 1, 1, 0),
    "helm-2": ("2.17.0", 1, 1, 0),
    "http": ("3.6.2", 0, 1, 0),
    "kubernetes": ("3.4.0", 81, 27, 2),
    "kubernetes-2": ("2.38.0", 82, 26, 0),
    "local": ("2.9.1", 2, 3, 1),
    "null": ("3.3.2", 1, 1, 0),
    "random": ("3.9.1", 10, 0, 2),
    "template": ("2.2.0", 3, 2, 0),
    "time": ("0.14.2", 4, 0, 0),
    "tls": ("4.4.1", 4, 2, 2),
}


def blocks_of(archive: SchemaArchive) -> Iterator[tuple[str, dict[str, Any]]]:
    for kind, types in archive.load().types.items():
        for name, schema in types.items():
            yield f"{kind} {name}", schema["block"]


def base_of(path: Path) -> SchemaArchive | None:
    """The archive that holds what this one leaves out."""
    with zipfile.ZipFile(path) as archive:
        if "same.json" not in archive.namelist():
            return None
        return SchemaArchive(path.with_name(json.loads(archive.read("same.json"))["base"]))


def test_bindings_and_terraform_describe_the_same_provider(tmp_path: Path) -> None:
    """Route (b) asks real Terraform, which asks the plugin server."""
    types = json.loads((BAKERY / "schema.json").read_text())["provider_schemas"].popitem()[1]
    used = {kind: types[key] for kind, key in KINDS.items()}
    text = "".join(f'{kind} "{name}" "x" {{}}\n' for kind, names in used.items() for name in names)
    required = 'terraform {\n  required_providers {\n    bakery = { source = "example/bakery" }\n  }\n}\n'
    folder = tmp_path / "all"
    folder.mkdir()
    (folder / "main.tf").write_text(required + text)
    with offline_session(folder, schema_files=[BAKERY / "schema.json"]) as session:
        assert session.initialise(".").ok
        answer = session.run(".", "providers schema", "-json")
    (tmp_path / "schema.json").write_text(answer.stdout)
    ((about, from_terraform),) = build.from_schema_file(tmp_path / "schema.json", {})
    source, version, from_bindings = read_bindings(BAKERY / "package")
    assert (source, version) == ("example/bakery", "1.0.0")
    assert about["source"] == "registry.terraform.io/example/bakery"
    assert with_empty_parts(from_terraform) == from_bindings


def with_empty_parts(document: Any) -> Any:
    """The same, with the empty `attributes` and `block_types` that Terraform leaves out."""
    if isinstance(document, dict):
        found = {key: with_empty_parts(value) for key, value in document.items()}
        if "nesting_mode" not in document.get("block", {"nesting_mode": "a block that is called block"}):
            found["block"] = {"attributes": {}, "block_types": {}, **found["block"]}
        return found
    return document


def test_bindings_for_an_older_target_say_the_same(tmp_path: Path) -> None:
    """Scripts of older majors have lost the fields of classes: what they were is in the source maps."""
    shutil.copytree(BAKERY / "package", tmp_path / "package")
    for script in (tmp_path / "package").rglob("index.js"):
        script.write_text(older_target(script.read_text("utf-8")), "utf-8")
        types = script.with_suffix(".d.ts")
        types.write_text(types.read_text("utf-8").replace("cdktn", "cdktf"), "utf-8")
    assert read_bindings(tmp_path / "package") == read_bindings(BAKERY / "package")


def older_target(code: str) -> str:
    """A script as `tsc` writes it for ES2015, with its TypeScript in the map."""
    code = code.replace("cdktn", "cdktf")
    classes = re.findall(r"^(class \w+ extends cdktf\.\w+ \{\n(?:(?!\}\n).*\n)*\}\n)", code, re.MULTILINE)
    typed = "".join(f"export {text}" for text in classes)
    source_map = base64.b64encode(json.dumps({"sourcesContent": [typed]}).encode()).decode()
    behind = ""
    for text in classes:
        static = re.search(r'    static (tfResourceType = ".*");\n', text)
        if static:
            behind += f"{text.split()[1]}.{static[1]};\n"
            code = code.replace(static[0], "")
    code = re.sub(r"^    // \w+ - computed: .*\n", "", code, flags=re.MULTILINE)
    return f"{code}{behind}//# sourceMappingURL=data:application/json;base64,{source_map}"


def test_a_binding_of_another_form_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "lib" / "oven"
    folder.mkdir(parents=True)
    for name in ("index.js", "index.d.ts"):
        text = (BAKERY / "package" / "lib" / "oven" / name).read_text()
        (folder / name).write_text(text.replace("cdktn.stringToHclTerraform", "cdktn.newToHclTerraform"))
    with pytest.raises(UnknownPatternError, match="newToHclTerraform"):
        read_bindings(tmp_path)


def test_every_provider_is_there_with_all_its_types() -> None:
    found = {}
    for path in ARCHIVES:
        archive = SchemaArchive(path)
        counts = archive.details["counts"]
        found[path.stem] = (archive.about.version, *(counts[kind] for kind in KINDS))
        major = (archive.about.version or "").partition(".")[0]
        assert path.stem in (archive.about.name, f"{archive.about.name}-{major}")
        assert counts == build.count({key: archive.load().types[kind] for kind, key in KINDS.items()})
        assert archive.details["licence"].startswith("MPL-2.0") and archive.about.origin
    assert found == EXPECTED


@pytest.mark.parametrize("path", ARCHIVES, ids=lambda path: path.stem)
def test_archives_are_small_and_reproducible(path: Path, tmp_path: Path) -> None:
    assert path.stat().st_size < 1_500_000
    archive = SchemaArchive(path)
    loaded = archive.load()
    document = {"provider": loaded.provider, **{key: loaded.types[kind] for kind, key in KINDS.items()}}
    again = tmp_path / path.name
    base = base_of(path)
    write_archive(again, archive.details, document, base)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(again) as new:
        assert old.namelist() == new.namelist()
        assert all(old.read(name) == new.read(name) for name in old.namelist())
        assert {info.date_time for info in old.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    write_archive(tmp_path / "twice.zip", archive.details, document, base)
    assert again.read_bytes() == (tmp_path / "twice.zip").read_bytes()


def test_only_what_is_used_is_loaded() -> None:
    archive = SchemaArchive(SCHEMA_FOLDER / "aws.zip")
    wanted = [n for n in archive.names("resource") if n.startswith(("aws_eks", "aws_vpc", "aws_iam", "aws_kms"))][:60]
    loaded = SchemaArchive(SCHEMA_FOLDER / "aws.zip").load({"resource": wanted, "data": ["aws_region", "no_such"]})
    assert sorted(loaded.types["resource"]) == sorted(wanted) and list(loaded.types["data"]) == ["aws_region"]


@pytest.mark.slow
@pytest.mark.parametrize("older", [False, True], ids=["newest", "older"])
def test_terraform_accepts_every_schema_and_gives_it_back(tmp_path: Path, older: bool) -> None:
    """Terraform checks a schema before it uses it; what it prints is what the archives hold."""
    sources = [source for source in schema_sources() if (source.path.stem != source.about.name) is older]
    used = {kind: frozenset(n for source in sources for n in source.names(kind)) for kind in KINDS}
    names = [source.about.name for source in sources]
    required = "".join(f'    {name} = {{ source = "hashicorp/{name}" }}\n' for name in names)
    (tmp_path / "main.tf").write_text(f"terraform {{\n  required_providers {{\n{required}  }}\n}}\n")
    with PluginProcess(tmp_path, sources, used) as server:
        server.wait()
        runner = Runner(embedded_program(), {"TF_REATTACH_PROVIDERS": json.dumps(server.reattach)})
        assert runner.run(tmp_path, "init").returncode == 0
        answer = runner.run(tmp_path, "providers schema", "-json")
    (tmp_path / "schema.json").write_text(answer.stdout)
    given = {about["source"]: document for about, document in build.from_schema_file(tmp_path / "schema.json", {})}
    for source in sources:
        loaded = source.load()
        for kind, key in KINDS.items():
            printed = with_empty_parts(given[source.about.source][key])
            assert printed.keys() == loaded.types[kind].keys()
            wrong = [name for name, schema in loaded.types[kind].items() if printed[name] != schema]
            assert wrong == []


def test_facts_about_well_known_types() -> None:
    """What the providers' documentation says, one type for every trap of the bindings."""
    aws = SchemaArchive(SCHEMA_FOLDER / "aws.zip").load()
    kubernetes = SchemaArchive(SCHEMA_FOLDER / "kubernetes.zip").load().types["resource"]
    google = SchemaArchive(SCHEMA_FOLDER / "google.zip").load().types["resource"]
    helm = SchemaArchive(SCHEMA_FOLDER / "helm.zip").load().types["resource"]["helm_release"]["block"]
    resources = {name: schema["block"] for name, schema in aws.types["resource"].items()}
    cluster = resources["aws_eks_cluster"]
    vpc_config = cluster["block_types"]["vpc_config"]
    assert (vpc_config["min_items"], vpc_config["max_items"], vpc_config["nesting_mode"]) == (1, 1, "list")
    assert cluster["attributes"]["certificate_authority"] == {
        "type": ["list", ["object", {"data": "string"}]],
        "computed": True,
    }
    assert cluster["block_types"]["timeouts"]["nesting_mode"] == "single"
    ingress = resources["aws_security_group"]["attributes"]["ingress"]
    assert ingress["type"][0] == "set" and ingress["type"][1][1]["from_port"] == "number" and ingress["computed"]
    secret = resources["aws_secretsmanager_secret_version"]["attributes"]
    assert secret["secret_string_wo"]["write_only"] and secret["secret_string"]["sensitive"]
    assert resources["aws_launch_template"]["block_types"]["tag_specifications"].get("max_items") is None
    assert "timeouts" in helm["attributes"] and helm["attributes"]["set"]["nested_type"]["nesting_mode"] == "list"
    assert kubernetes["kubernetes_manifest"]["block"]["attributes"]["manifest"] == {"type": "dynamic", "required": True}
    pod = kubernetes["kubernetes_deployment_v1"]["block"]["block_types"]["spec"]["block"]["block_types"]["template"]
    container = pod["block"]["block_types"]["spec"]["block"]["block_types"]["container"]["block"]["block_types"]
    assert "liveness_probe" in container and "security_context" in container
    node = google["google_container_cluster"]["block"]["block_types"]["node_config"]["block"]["block_types"]
    assert "gvnic" in node and "guest_accelerator" in node


def test_every_listed_secret_is_marked() -> None:
    with (TOOL / "sensitive.csv").open(encoding="utf-8", newline="") as rows:
        listed = [row for row in csv.DictReader(rows) if "." not in row["attribute"]]
    for row in listed:
        newest = SchemaArchive(SCHEMA_FOLDER / f"{row['provider']}.zip")
        assert newest.load({row["kind"]: [row["type"]]}).types[row["kind"]], row
        preview = ["google-beta"] if row["provider"] == "google" else []
        for archive in map(SchemaArchive, ARCHIVES):
            if archive.about.name in (row["provider"], *preview):
                found = archive.load({row["kind"]: [row["type"]]}).types[row["kind"]]
                attributes = found[row["type"]]["block"]["attributes"] if found else {}
                assert attributes.get(row["attribute"], {"sensitive": True})["sensitive"], (archive.path.stem, row)


def test_older_majors_differ_where_their_providers_do() -> None:
    """One breaking change of each, from its upgrade guide."""
    found = {path.stem: SchemaArchive(path).load().types["resource"] for path in ARCHIVES}
    assert "aws_opsworks_stack" in found["aws-5"] and "aws_opsworks_stack" not in found["aws"]
    assert "set" in found["helm-2"]["helm_release"]["block"]["block_types"]
    assert "set" in found["helm"]["helm_release"]["block"]["attributes"]
    assert "google_project_service_identity" in found["google-beta"]
    listener = found["aws-5"]["aws_lb_listener_rule"]["block"]["block_types"]["action"]["block"]["block_types"]
    assert {"redirect", "forward", "fixed_response"} <= listener.keys()


def test_every_block_has_both_its_parts() -> None:
    for path in ARCHIVES:
        for name, block in blocks_of(SchemaArchive(path)):
            assert block.keys() == {"attributes", "block_types"}, name
