"""What tools of the systems say of the files that are written for them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

BIN = Path(sys.executable).parent
_SCHEMAS = {
    "vendor.github-workflows": (".github/workflows/*.yml", ()),
    "vendor.gitlab-ci": (".gitlab*", ("--data-transform", "gitlab-ci")),
}
"""By the name of a schema in check-jsonschema: the files, and how they are read."""


def audited(*of: Path) -> tuple[int, list[Any]]:
    """Exit code and findings of zizmor with everything it knows: https://docs.zizmor.sh/usage/#using-personas."""
    options = ("--offline", "--persona", "auditor", "--no-progress", "--format", "json")
    done = subprocess.run([BIN / "zizmor", *options, *of], capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout)


def against_schemas(top: Path) -> str:
    """What breaks those that GitHub's and GitLab's files have."""
    problems = ""
    for schema, (names, transform) in _SCHEMAS.items():
        files = [path for one in top.glob(names) for path in ((one,) if one.is_file() else sorted(one.rglob("*.yml")))]
        assert len(files) >= 3
        command = [BIN / "check-jsonschema", "--builtin-schema", schema, *transform, *files]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        problems += done.stdout if done.returncode else ""
    return problems
