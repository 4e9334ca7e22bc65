"""checkov in a process of its own: one JSON request a line on stdin, one JSON answer a line on stdout.

The process is started early, imports while Terraform runs, and serves any number of folders. What checkov
raises ends it, with the traceback on stderr; the caller starts another one. Only this module imports checkov.
"""

from __future__ import annotations

import base64
import gc
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from groundplan.check import grammar, memo


def main() -> int:
    """Serves requests until stdin ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    temporary = Path(tempfile.gettempdir())
    given = set(grammar.tables_in(temporary))
    _quiet_imports()
    made = set(grammar.tables_in(temporary)) - given
    _answer(answers, {"grammars": {file.name: base64.b64encode(file.read_bytes()).decode() for file in made}})
    for line in sys.stdin:
        request = json.loads(line)
        _answer(answers, _SCANS[request["scan"]](**request["arguments"]))
    return 0


def _answer(answers: TextIO, value: dict[str, Any]) -> None:
    answers.write(json.dumps(value) + "\n")
    answers.flush()


def _quiet_imports() -> None:
    """Imports checkov without garbage collection, which costs a fifth of the time and finds nothing."""
    gc.disable()
    import checkov.secrets.runner
    import checkov.terraform.plan_runner
    import checkov.terraform.runner  # noqa: F401

    memo.install()
    gc.freeze()
    gc.enable()


def _hcl(folder: str) -> dict[str, Any]:
    from checkov.runner_filter import RunnerFilter
    from checkov.terraform.runner import Runner

    chosen = RunnerFilter(framework=["terraform"], show_progress_bar=False)
    return _result(Runner().run(root_folder=folder, runner_filter=chosen), folder)


def _secrets(folder: str) -> dict[str, Any]:
    from checkov.runner_filter import RunnerFilter
    from checkov.secrets.runner import Runner

    chosen = RunnerFilter(framework=["secrets"], show_progress_bar=False)
    return _result(Runner().run(root_folder=folder, runner_filter=chosen), folder)


def _plan(file: str) -> dict[str, Any]:
    from checkov.runner_filter import RunnerFilter
    from checkov.terraform.plan_runner import Runner

    chosen = RunnerFilter(framework=["terraform_plan"], show_progress_bar=False)
    folder = str(Path(file).parent)
    return _result(Runner().run(root_folder=None, files=[file], runner_filter=chosen), folder)


def _objects(folder: str) -> dict[str, Any]:
    from checkov.kubernetes.runner import Runner
    from checkov.runner_filter import RunnerFilter

    chosen = RunnerFilter(framework=["kubernetes"], show_progress_bar=False)
    return _result(Runner().run(root_folder=folder, runner_filter=chosen), folder)


_SCANS: dict[str, Callable[..., dict[str, Any]]] = {
    "hcl": _hcl,
    "secrets": _secrets,
    "plan": _plan,
    "objects": _objects,
}


def _result(report: Any, folder: str) -> dict[str, Any]:
    records = {
        "passed": report.passed_checks,
        "failed": report.failed_checks,
        "skipped": report.skipped_checks,
    }
    return {
        "records": [_record(record, status) for status, group in records.items() for record in group],
        "resources": sorted(resource.removeprefix(f"{folder}/") for resource in report.resources),
        "unread": sorted(os.path.relpath(file, folder) for file in report.parsing_errors),
    }


def _record(record: Any, status: str) -> dict[str, Any]:
    brief = {"status": status, "id": record.check_id, "address": record.resource, "file": record.file_path.lstrip("/")}
    if status == "passed":
        return brief
    return brief | {
        "name": record.check_name,
        "line": record.file_line_range[0],
        "reason": record.check_result.get("suppress_comment"),
        "remedy": record.guideline or _remedy(record.check_id),
    }


def _remedy(check_id: str) -> str | None:
    """What the check wants, if it compares an attribute with a value; checkov's own guides are online only."""
    from checkov.terraform.checks.resource.registry import resource_registry

    check: Any = resource_registry.get_check_by_id(check_id)
    if hasattr(check, "get_expected_values"):
        wanted = [json.dumps(v) for v in check.get_expected_values() if isinstance(v, bool | int | str)]
        known = f" to {' or '.join(wanted)}" if wanted and not any("ANY" in value for value in wanted) else ""
        return f"set `{_attribute(check)}`{known}"
    if hasattr(check, "get_forbidden_values"):
        refused = [json.dumps(v) for v in check.get_forbidden_values() if isinstance(v, bool | int | str)]
        return f"`{_attribute(check)}` must not be {' or '.join(refused)}" if refused else None
    return None


def _attribute(check: Any) -> str:
    return ".".join(part for part in check.get_inspected_key().split("/") if part and not part.startswith("["))


if __name__ == "__main__":
    sys.exit(main())
