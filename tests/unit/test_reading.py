"""What comes with a pull request: files that are none, and JSON that has no use but to do harm."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from groundplan import reading
from groundplan.cli import run
from groundplan.cli.common import OK
from groundplan.diagnostics import DiagnosticsError
from groundplan.reading import MalformedJSONError, UnreadableError, parse_json, read_named, read_regular
from groundplan.terraform.archive import read_schema_file

Capture = pytest.CaptureFixture[str]


class TestFiles:
    def test_a_pipe_is_not_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(UnreadableError, match="not a regular file"):
            read_regular(tmp_path / "pipe", limit_bytes=10)

    def test_a_device_is_not_read(self) -> None:
        with pytest.raises(UnreadableError, match="not a regular file"):
            read_regular(Path("/dev/zero"), limit_bytes=10)

    def test_one_byte_too_many(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"x" * 11)
        assert read_regular(tmp_path / "file", limit_bytes=11) == b"x" * 11
        with pytest.raises(UnreadableError, match="larger than 10 bytes") as caught:
            read_regular(tmp_path / "file", limit_bytes=10)
        assert caught.value.too_large

    @pytest.mark.parametrize("name", ["a" * 5_000, "a\0b", "none", "."])
    def test_names_of_no_file(self, name: str, tmp_path: Path) -> None:
        with pytest.raises(UnreadableError):
            read_regular(tmp_path / name, limit_bytes=10)

    def test_a_link_that_leads_out(self, tmp_path: Path) -> None:
        (tmp_path / "in").mkdir()
        (tmp_path / "outside").write_text("secret")
        (tmp_path / "in" / "link").symlink_to(tmp_path / "outside")
        with pytest.raises(UnreadableError, match="leads out"):
            read_regular(tmp_path / "in" / "link", limit_bytes=10, within=tmp_path / "in")


class TestFilesThatACommandNames:
    """Plans, price books and provider schemas."""

    @pytest.fixture
    def link(self, tmp_path: Path) -> Path:
        (tmp_path / "machine").mkdir()
        (tmp_path / "machine" / "secret").write_text("secret")
        (tmp_path / "work" / "prices").mkdir(parents=True)
        return tmp_path / "work" / "prices" / "book.csv"

    @pytest.mark.parametrize("target", ["/etc/passwd", "../../machine/secret", "/proc/self/environ"])
    def test_a_link_to_something_of_the_machine(self, target: str, link: Path, capsys: Capture) -> None:
        link.symlink_to(target)
        for command in (["prices", "check", str(link)], ["cost", "--plan", str(link)]):
            assert run(command) != OK
            said = capsys.readouterr()
            assert "is a link that leads further than the folder above its own" in said.err
            assert "secret" not in said.err + said.out and "root:" not in said.err
        with pytest.raises(DiagnosticsError, match="is a link that leads"):
            read_schema_file(link)

    def test_a_link_of_a_link(self, link: Path) -> None:
        (link.parent / "other").symlink_to("../../machine/secret")
        link.symlink_to("other")
        with pytest.raises(UnreadableError, match="is a link that leads"):
            read_named(link, limit_bytes=10)

    def test_a_link_to_what_is_near(self, link: Path) -> None:
        (link.parent.parent / "shared.csv").write_text("shared")
        link.symlink_to("../shared.csv")
        assert read_named(link, limit_bytes=10) == b"shared"


DIGITS = "9" * 10_000


class TestJSON:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("[]", []),
            ('{"a": 1.5, "b": [null, true, -0]}', {"a": 1.5, "b": [None, True, 0]}),
            ('"\\ud83d\\ude00 \\\\ud800"', "\N{GRINNING FACE} \\ud800"),
        ],
    )
    def test_what_has_one_meaning_is_read(self, text: str, value: object) -> None:
        assert parse_json(text) == value

    @pytest.mark.parametrize(
        ("text", "reason", "line", "column"),
        [
            ("", "not JSON", 1, 1),
            ('{"a": 1,\n "a": 2}', "`a` is given twice", 1, 1),
            ('{"' + "k" * 500 + '": 1, "' + "k" * 500 + '": 2}', f"`{'k' * 100}` is given twice", 1, 1),
            ("[NaN]", "NaN is no number", 1, 1),
            ("[-Infinity]", "-Infinity is no number", 1, 1),
            ('["x",\n "\\ud800"]', "half of a surrogate pair, \\\\ud800", 2, 3),
            ('["\\\\\\udfff"]', "half of a surrogate pair", 1, 5),
            (f'{{"{DIGITS}": "{DIGITS}",\n"size": {DIGITS}}}', "thousands of digits", 2, 9),
            (f"[-{DIGITS}]", "thousands of digits", 1, 3),
            ("[" * 100_000, "nested too deeply", 1, 1),
            ('{"a":' * 100_000, "nested too deeply", 1, 1),
        ],
        ids=lambda value: str(value)[:30],
    )
    def test_what_has_not_is_refused_with_its_place(self, text: str, reason: str, line: int, column: int) -> None:
        with pytest.raises(MalformedJSONError, match=reason) as caught:
            parse_json(text)
        assert (caught.value.line, caught.value.column) == (line, column)

    def test_small_values_by_the_million_take_no_memory(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "MOST_VALUES", 1_000)
        with pytest.raises(MalformedJSONError, match="more than 1,000 values"):
            parse_json("[" + "{}," * 1_000 + "1]")
