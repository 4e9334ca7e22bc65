"""A finding shows where a secret is, and never the secret."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundplan.check.report import Finding
from groundplan.diagnostics import Diagnostic, Place, Snippet
from groundplan.masking import MASK, hidden_line, masked, masked_format, masked_source
from groundplan.views import check
from groundplan.views.diagnostics import render_diagnostics, to_json
from tests.unit.check.test_views import REPORT

SECRET = "hunter2hunter2"
WRITTEN = (
    f'  password = "{SECRET}"',
    f'+  password       = "{SECRET}"',
    f'  db_password="{SECRET}"',
    f'  "clientSecret": "{SECRET}",',
    f"  client_secret: {SECRET}",
    f"  - apiKey: '{SECRET}'",
    f"TOKEN={SECRET}",
    f'  user_data = "export AWS_SECRET_ACCESS_KEY={SECRET}"',
    f'  environment = {{ GITHUB_TOKEN = "{SECRET}" }}',
    f'  url = "postgres://admin:{SECRET}@db.internal/x"',
    f'  variables = jsonencode({{ secret_string = "{SECRET} and more" }})',
    f"  passphrase: {SECRET} in words",
    f'  secret = "{SECRET}',
    f'  private_key => "{SECRET}"',
    f'variable "db_password" {{ default = "{SECRET}" }}',
    f'  data = "x{SECRET}YmFzZTY0"',
)
"""Lines as files have them; the last has no name that tells."""
TOKENS = (
    "AKIAIOSFODNN7EXAMPLE",
    "ghp_0123456789abcdefghij0123456789abcdef",
    "glpat-0123456789abcdefghij",
    "xoxb-123456789012-abcdef",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "-----BEGIN RSA PRIVATE KEY-----MIIEow",
    "hvs.0123456789abcdefghij",
    "sk_live_0123456789abcdefghij",
)


@pytest.mark.parametrize("line", WRITTEN)
def test_a_secret_in_a_line_is_masked_and_its_name_stays(line: str) -> None:
    shown = masked_source(line)
    assert SECRET not in shown
    assert MASK in shown
    assert shown.startswith(line[:6].rstrip("\"'=: xh"))
    assert masked_source(shown) == shown


@pytest.mark.parametrize("token", TOKENS)
def test_a_token_is_masked_wherever_it_stands(token: str) -> None:
    for line in (token, f'  ami = "{token}"', f"see {token}, please", f"a:{token}"):
        assert token not in masked(line)
        assert token not in masked_source(line)


@pytest.mark.parametrize(
    "line",
    [
        "  password = var.db_password",
        "  password = random_password.db.result",
        '  password = "${random_password.db.result}"',
        "  secret_arn = aws_secretsmanager_secret.db.arn",
        "  manage_master_user_password = true",
        "  token_ttl_seconds = 3600",
        "  user_data = templatefile(local.file, {})",
        '  region = "us-east-1"',
        '  source = "hashicorp/aws"',
        '  account = "123456789012"',
        "  secret = {",
        'Unsupported argument: An argument named "bogus_token" is not expected here.',
        "`tracking.mlflow.password` is missing",
        "https://example.com/a@b",
    ],
)
def test_what_is_no_secret_stays(line: str) -> None:
    assert masked_source(line) == line
    assert masked(line) == line


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('  ami = "zxcv"', f"  ami = {MASK}"),
        ("    - zxcv", f"    {MASK}"),
        ('"AKIAIOSFODNN7EXAMPLE": "zxcv"', MASK),
        ("zxcv", MASK),
        ("name: zxcv", f"name: {MASK}"),
    ],
)
def test_of_a_line_that_is_a_secret_at_most_the_name_is_shown(line: str, shown: str) -> None:
    assert hidden_line(line) == shown


@given(st.text(max_size=30), st.sampled_from(['password = "{}"', "secret: {}", "token={}"]))
def test_no_text_around_brings_it_back(text: str, line: str) -> None:
    assert SECRET not in masked_source(f"{text} {line.format(SECRET)}")


def test_the_difference_that_fmt_shows_has_no_texts() -> None:
    shown = masked_format(
        '@@ -1,2 +1,2 @@\n variable "db_password" {\n-default="a b!"\n+  default = "a b!"\n   x = ["c d", f("e")]'
    )
    assert shown == (
        f'@@ -1,2 +1,2 @@\n variable "db_password" {{\n-default="{MASK}"\n+  default = "{MASK}"\n'
        f'   x = ["{MASK}", f("{MASK}")]'
    )


def test_long_lines_take_no_longer_than_they_are_long() -> None:
    """Lines on which a pattern that looks back and forth would take hours."""
    for line in ("a" * 10**6, "password" * 10**5, "://" * 10**5, '"' * 10**5, "token: " * 10**5, "-a" * 10**5):
        assert masked_source(line)


@pytest.mark.parametrize(
    ("code", "message", "line"),
    [
        ("GP901", "hard-coded secret: `x` is a literal", 'x = "zxcv-0"'),
        ("GP601", "CKV_SECRET_6 Base64 High Entropy String", 'x = "zxcv-0"'),
        ("GP506", "a secret is in the state", 'x = "zxcv-0"'),
        ("GP503", "Unsupported argument", 'password = "zxcv-0"'),
        ("GP501", "not formatted", 'password = "zxcv-0"'),
    ],
)
def test_no_format_shows_it(code: str, message: str, line: str) -> None:
    found = Diagnostic(code, message, hint=f"@@ -1 +1 @@\n-{line}" if code == "GP501" else None)
    found = found.with_place(Place("main.tf", 3), Snippet(line, 4))
    report = replace(REPORT, findings=(Finding(found, code), *REPORT.findings))
    shown = [
        render_diagnostics([found], color=True),
        json.dumps(to_json(found)),
        check.text(report, False),
        json.dumps(check.to_json(report)),
        json.dumps(check.sarif(report)),
        check.junit(report),
        check.markdown(report),
    ]
    assert MASK in shown[0]
    assert all("main.tf" in text for text in shown)
    assert not [text for text in shown if "zxcv" in text]
