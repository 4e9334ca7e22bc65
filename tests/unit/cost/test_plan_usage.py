"""Usage files: numbers by address, by pattern and by type; everything wrong with one has a place."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest

from groundplan.catalog.catalog import Catalog
from groundplan.cli import run
from groundplan.cli.common import BAD_SPEC, OK
from groundplan.clouds.aws.billing import BILLING
from groundplan.clouds.aws.planned import PLANNED
from groundplan.clouds.billing import Use
from groundplan.clouds.planned import Planned, Uses
from groundplan.clouds.usage_keys import UsageKey, read_usage_keys
from groundplan.cost.plan import read_usage, usage_template
from groundplan.cost.plan.usage import UsageFile
from groundplan.diagnostics import DiagnosticsError, Severity
from groundplan.quantities import Band
from groundplan.spec.yaml_file import parse_yaml

KEYS = {
    "aws_nat_gateway": {"monthly_data_processed_gb": UsageKey("monthly_data_processed_gb", "GB", "traffic")},
    "aws_s3_bucket": {
        name: UsageKey(name, "GB", "data") for name in ("standard.storage_gb", "standard.reads", "object_tags")
    },
    "aws_lambda_function": {"monthly_requests": UsageKey("monthly_requests", "requests", "calls")},
}
NAT = "monthly_data_processed_gb"


def usage(text: str) -> UsageFile:
    return read_usage(text.encode(), "usage.yml", KEYS)


def resource(address: str) -> Planned:
    return Planned(address, next(name for name in address.split(".") if name.startswith("aws_")), "", {})


def stated(file: UsageFile, address: str, key: str) -> Decimal | None:
    band = file.of(resource(address), key)
    return band and band.expected


class TestWhoseNumber:
    FILE = """\
version: 0.1
resource_type_default_usage:
  aws_lambda_function: {monthly_requests: 1}
resource_usage:
  aws_lambda_function.one: {monthly_requests: 2}
  aws_lambda_function.many[*]: {monthly_requests: 3}
  aws_lambda_function.many["a"]: {monthly_requests: 4}
  module.m[*].aws_lambda_function.f[*]: {monthly_requests: 5}
  module.m["x"].aws_lambda_function.f[*]: {monthly_requests: 6}
  module.m["x"].aws_lambda_function.f[0]: {monthly_requests: 7}
  module.m["a.b[0]"].aws_lambda_function.g: {monthly_requests: 8}
"""

    @pytest.mark.parametrize(
        ("address", "number"),
        [
            ("aws_lambda_function.other", 1),
            ("aws_lambda_function.one", 2),
            ("aws_lambda_function.one[0]", 1),
            ('aws_lambda_function.many["b"]', 3),
            ('aws_lambda_function.many["a"]', 4),
            ('module.m["y"].aws_lambda_function.f[0]', 5),
            ('module.m["x"].aws_lambda_function.f[1]', 6),
            ('module.m["x"].aws_lambda_function.f[0]', 7),
            ('module.m["a.b[0]"].aws_lambda_function.g', 8),
        ],
    )
    def test_the_nearest_entry_says_it(self, address: str, number: int) -> None:
        assert stated(usage(self.FILE), address, "monthly_requests") == number

    def test_key_by_key(self) -> None:
        file = usage("""\
version: "0.1"
resource_type_default_usage: {aws_s3_bucket: {standard: {storage_gb: 5, reads: 7}}}
resource_usage: {aws_s3_bucket.a: {standard: {storage_gb: 10.5}, object_tags: }}
""")
        assert stated(file, "aws_s3_bucket.a", "standard.storage_gb") == Decimal("10.5")
        assert stated(file, "aws_s3_bucket.a", "standard.reads") == 7
        assert stated(file, "aws_s3_bucket.a", "object_tags") is None

    def test_three_numbers_are_a_band(self) -> None:
        file = usage("version: 0.1\nresource_usage: {aws_nat_gateway.a: {monthly_data_processed_gb: [1, 10, 100]}}")
        assert file.of(resource("aws_nat_gateway.a"), NAT) == Band(Decimal(1), Decimal(10), Decimal(100))

    def test_a_key_that_the_table_has_not_is_a_mistake_of_the_rule(self) -> None:
        with pytest.raises(LookupError, match=r"usage_keys\.csv"):
            usage("version: 0.1").of(resource("aws_nat_gateway.a"), "requests")


HEAD = "version: 0.1\nresource_usage:\n  aws_nat_gateway.a:\n"


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("", "the file is empty", 1),
        ("[]", "holds a list", 1),
        ("resource_usage: {}", "`version` is missing", 1),
        ("version: 2", "only version 0.1", 1),
        ("version: true", "only version 0.1", 1),
        ("version: 0.1\nresource_usages: {}", "unknown key `resource_usages`", 2),
        ("version: 0.1\nresource_usage: 5", "`resource_usage` is not a mapping", 2),
        ("version: 0.1\nresource_usage:\n  aws_nat_gateway.a: 5", "`aws_nat_gateway.a` is not a mapping", 3),
        (f"{HEAD}    {NAT}: many", "is not a number", 4),
        (f"{HEAD}    {NAT}: 1e6", "is text to YAML: write the number in digits", 4),
        (f"{HEAD}    {NAT}: true", "is not a number", 4),
        (f"{HEAD}    {NAT}: 2026-01-01", "is not a number", 4),
        (f"{HEAD}    {NAT}: [1, 2]", "is not a number", 4),
        (f"{HEAD}    {NAT}: [3, 2, 1]", "does not rise", 4),
        (f"{HEAD}    {NAT}: -1", "is not between 0 and 1,000,000,000,000", 4),
        (f"{HEAD}    {NAT}: .inf", "is not between", 4),
        (f"{HEAD}    {NAT}: .nan", "is not between", 4),
        (f"{HEAD}    {NAT}: 1.0e+300", "is not between", 4),
        (f"{HEAD}    {NAT}: 1\n    {NAT}: 2", "given twice", 5),
    ],
)
def test_what_is_wrong_has_a_place(text: str, message: str, line: int) -> None:
    with pytest.raises(DiagnosticsError) as caught:
        usage(text)
    [found] = caught.value.diagnostics
    assert message in found.message and found.place is not None and found.place.line == line


def test_everything_wrong_is_said_in_one_pass() -> None:
    with pytest.raises(DiagnosticsError) as caught:
        usage(f"version: 3\nother: 1\n{HEAD.partition('version: 0.1')[2].lstrip()}    {NAT}: x")
    assert len(caught.value.diagnostics) == 3


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{after}: &{after} [{', '.join([f'*{before}'] * 9)}]\n" for before, after in zip("abcdef", "bcdefg", strict=True)
)


@pytest.mark.parametrize(
    "text",
    [
        b"\xff\xfe",
        b"version: !!python/object/apply:os.system [ls]",
        BOMB.encode(),
        b"version: 0.1\nresource_usage: " + b"{a: " * 5_000,
        b"version: 0.1\nresource_usage: &a {x: *a}",
        b"version: 0.1\n---\nversion: 0.1",
        b"version: 0.1\nresource_usage: {\x1b[31m: {}}",
        b"version: 0.1\nresource_usage: {[a]: {}}",
        b"version: 0.1\nresource_usage: {aws_nat_gateway.a: {" + NAT.encode() + b": 1" + b"0" * 5_000 + b"}}",
    ],
)
def test_hostile_yaml_ends_in_findings(text: bytes) -> None:
    with pytest.raises(DiagnosticsError):
        read_usage(text, "usage.yml", KEYS)


def test_patterns_without_end_are_refused() -> None:
    entries = [
        f"  module.m{''.join('[*]' if number >> bit & 1 else '[0]' for bit in range(7))}.aws_nat_gateway.a: {{}}\n"
        for number in range(100)
    ]
    with pytest.raises(DiagnosticsError, match=r"more than 50 ways of `\[\*\]`"):
        usage("version: 0.1\nresource_usage:\n" + "".join(entries))


class TestWithoutEffect:
    def warnings(self, text: str, *addresses: str, ask: str = "") -> list[tuple[str, int, str]]:
        file = usage(text)
        resources = [resource(address) for address in addresses]
        for one in resources if ask else ():
            file.of(one, ask)
        file.saw(resources)
        found = file.findings()
        assert {one.severity for one in found} <= {Severity.WARNING} and {one.code for one in found} <= {"GP712"}
        return [(one.message, one.place.line if one.place else 0, one.hint or "") for one in found]

    def test_a_key_with_a_typing_mistake(self) -> None:
        text = f"{HEAD}    monthly_data_procesed_gb: 5"
        [(message, line, hint)] = self.warnings(text, "aws_nat_gateway.a", ask=NAT)
        assert (message, line) == ("`monthly_data_procesed_gb` is not read for aws_nat_gateway", 4)
        assert f"did you mean `{NAT}`?" in hint

    @pytest.mark.parametrize("value", ["linux", "5", "[1]", "true"])
    def test_a_key_that_others_read_may_have_any_value(self, value: str) -> None:
        [(message, _, _)] = self.warnings(f"{HEAD}    operating_system: {value}", "aws_nat_gateway.a")
        assert message == "`operating_system` is not read for aws_nat_gateway"

    def test_an_address_with_a_typing_mistake(self) -> None:
        [(message, line, hint)] = self.warnings(f"{HEAD}    {NAT}: 5", "aws_nat_gateway.ab")
        assert (message, line) == ("no resource `aws_nat_gateway.a` in the plan", 3)
        assert hint == "did you mean `aws_nat_gateway.ab`?"

    def test_near_addresses_are_of_the_same_type_and_looked_up_for_a_few(self, monkeypatch: pytest.MonkeyPatch) -> None:
        compared: list[set[str]] = []

        def near(_: str, known: Iterable[str]) -> str:
            compared.append(set(known))
            return ""

        monkeypatch.setattr("groundplan.diagnostics.did_you_mean", near)
        lines = "".join(f"\n  aws_nat_gateway.old{n}: {{{NAT}: 5}}" for n in range(50))
        text = f"version: 0.1\nresource_usage:{lines}"
        assert len(self.warnings(text, "aws_nat_gateway.a", "aws_lambda_function.b")) > 20
        assert compared == [{"aws_nat_gateway.a"}] * 20

    def test_a_type_that_nothing_is_read_for(self) -> None:
        text = "version: 0.1\nresource_type_default_usage:\n  aws_nat_gatway: {x: 1}\n  aws_lambda_function: {}"
        [(message, line, hint)] = self.warnings(text)
        assert (message, line) == ("nothing is read for the type `aws_nat_gatway`", 3)
        assert hint == "did you mean `aws_nat_gateway`?"

    def test_a_number_that_no_rule_asks_for(self) -> None:
        text = f"{HEAD}    {NAT}: 5"
        assert self.warnings(text, "aws_nat_gateway.a", ask=NAT) == []
        [(message, line, _)] = self.warnings(text, "aws_nat_gateway.a")
        assert (message, line) == (f"`{NAT}` has no effect on `aws_nat_gateway.a`", 4)

    def test_a_default_of_a_type_that_this_plan_has_not_is_for_others(self) -> None:
        text = f"version: 0.1\nresource_type_default_usage:\n  aws_nat_gateway: {{{NAT}: 1}}"
        assert self.warnings(text, "aws_lambda_function.a") == []
        assert len(self.warnings(text, "aws_nat_gateway.a")) == 1


class TestTemplate:
    def test_instances_are_one_and_names_with_dots_nest(self) -> None:
        file = UsageFile(None, KEYS)
        for address in ('module.m["a.b"].aws_s3_bucket.x[0]', 'module.m["c"].aws_s3_bucket.x[1]'):
            for key in ("standard.storage_gb", "standard.reads", "object_tags"):
                file.of(resource(address), key)
        file.of(resource("aws_nat_gateway.a"), NAT)
        text = usage_template(file.asked)
        assert (
            text
            == """\
version: 0.1
resource_usage:
  module.m[*].aws_s3_bucket.x[*]:
    object_tags:  # GB: data
    standard:
      reads:  # GB: data
      storage_gb:  # GB: data
  aws_nat_gateway.a:
    monthly_data_processed_gb:  # GB: traffic
"""
        )
        again = usage(text)
        again.saw([resource("module.m[0].aws_s3_bucket.x[0]"), resource("aws_nat_gateway.a")])
        assert again.findings() == []

    @pytest.mark.parametrize("name", ["a: b", "a\nb", '"', "a #", "\x1b[1m", "é"])
    def test_an_address_of_any_kind_is_a_key(self, name: str) -> None:
        text = usage_template({f"aws_nat_gateway.{name}": KEYS["aws_nat_gateway"]})
        assert list(parse_yaml(text, "x").values["resource_usage"]) == [f"aws_nat_gateway.{name}"]

    def test_of_a_plan_that_asks_for_nothing(self) -> None:
        assert usage(usage_template({})).findings() == []


@pytest.mark.parametrize("row", [",a,b,c", "t,,b,c", "t,a,,c", "t,a,b,", "t,a,b"])
def test_a_row_of_the_table_that_says_too_little(row: str, tmp_path: Path) -> None:
    (tmp_path / "usage_keys.csv").write_text(f"resource_type,key,unit,says\n{row}\n")
    with pytest.raises(DiagnosticsError, match=r"empty|cells"):
        read_usage_keys(tmp_path / "usage_keys.csv")


class TestCommand:
    @pytest.fixture(autouse=True)
    def nat_gateways_ask(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def rule(asked: Planned, _: Catalog) -> Iterable[Use]:
            yield BILLING.nat_gateway(1)
            yield BILLING.nat_data(asked.stated(NAT, "traffic through it"))

        monkeypatch.setitem(cast(dict[str, Uses], PLANNED.uses), "aws_nat_gateway", rule)
        monkeypatch.setitem(cast(dict[str, Any], PLANNED.usage_keys), "aws_nat_gateway", KEYS["aws_nat_gateway"])

    def plan(self, tmp_path: Path) -> str:
        nat = {"address": "aws_nat_gateway.a", "type": "aws_nat_gateway", "values": {"region": "us-east-1"}}
        plan = {"format_version": "1.2", "planned_values": {"root_module": {"resources": [nat]}}}
        (tmp_path / "plan.json").write_text(json.dumps(plan))
        return str(tmp_path / "plan.json")

    def test_a_template_filled_in_makes_the_estimate_complete(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        plan = self.plan(tmp_path)
        assert run(["cost", "--plan", plan, "--usage-template"]) == OK
        template = capsys.readouterr().out
        file = tmp_path / "usage.yml"
        file.write_text(template.replace(f"{NAT}:", f"{NAT}: 100"))
        assert run(["cost", "--plan", plan, "--usage", str(file), "--format", "json"]) == OK
        made: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert (made["complete"], made["diagnostics"]) == (True, [])
        assert made["total"]["expected"] == pytest.approx(32.85 + 100 * 0.045)

    def test_a_file_that_cannot_be_used(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = tmp_path / "usage.yml"
        file.write_text(f"{HEAD}    {NAT}: many")
        assert run(["cost", "--plan", self.plan(tmp_path), "--usage", str(file)]) == BAD_SPEC
        assert "usage.yml:4:" in (said := capsys.readouterr().err) and "error[GP711]" in said

    @pytest.mark.parametrize("option", [["--usage", "x"], ["--usage-template"]])
    def test_a_spec_states_usage_itself(self, option: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["cost", "spec.yaml", *option]) == BAD_SPEC
        assert "go with --plan" in capsys.readouterr().err
