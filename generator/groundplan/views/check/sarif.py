"""A check's report as SARIF 2.1.0, the format code-scanning services read.

Format: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import hashlib
import os
from typing import Any

from groundplan import __version__
from groundplan.check.report import CheckReport, Finding
from groundplan.diagnostics import CODES, Place, Severity
from groundplan.escaping import for_uri

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif(*reports: CheckReport, base: str | None = None) -> dict[str, Any]:
    """One run per folder; a result points to the line of the spec that caused it, related to the Terraform source.

    URIs are relative: to `base` (an absolute path, usually the repository) or, for a folder given as an absolute path
    outside it, to that folder.
    """
    runs = [_run(report, _Uris(report.folder, base)) for report in reports]
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": runs}


def _run(report: CheckReport, uris: _Uris) -> dict[str, Any]:
    rules = {finding.check_id: finding for finding in reversed(report.findings)}
    numbers = {check_id: number for number, check_id in enumerate(sorted(rules))}
    return {
        "tool": {
            "driver": {
                "name": "groundplan",
                "semanticVersion": __version__,
                "rules": [_rule(check_id, rules[check_id]) for check_id in sorted(rules)],
            }
        },
        # Code-scanning services keep the results of runs apart by this id.
        "automationDetails": {"id": f"groundplan/{uris(report.folder)}/"},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, report.folder, numbers, uris) for finding in report.findings],
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "note", "message": {"text": f"not checked: {item.what} ({item.reason})"}}
                    for item in report.not_checked
                ],
            }
        ],
    }


class _Uris:
    def __init__(self, folder: str, base: str | None) -> None:
        self._bases = [path for path in (base, folder) if path and os.path.isabs(path)]  # noqa: PTH117 text only

    def __call__(self, file: str) -> str:
        for base in self._bases:
            relative = os.path.relpath(file, base) if os.path.isabs(file) else file  # noqa: PTH117 text only
            if not relative.startswith(".."):
                return for_uri(relative)
        return for_uri(file)


def _rule(check_id: str, finding: Finding) -> dict[str, Any]:
    diagnostic = finding.diagnostic
    title = CODES[diagnostic.code]
    about = diagnostic.message.removeprefix(f"{check_id} ") if check_id != diagnostic.code else title
    help_text = f"{title[0].upper()}{title[1:]}: {about}."
    return {
        "id": check_id,
        "name": check_id,
        "shortDescription": {"text": about},
        "help": {"text": help_text + (f" Remedy: {diagnostic.hint}." if diagnostic.hint else "")},
        "defaultConfiguration": {"level": _LEVELS[diagnostic.severity]},
        "properties": {"tags": [diagnostic.code, title]},
    }


def _result(finding: Finding, report_folder: str, numbers: dict[str, int], uris: _Uris) -> dict[str, Any]:
    diagnostic = finding.diagnostic
    message = diagnostic.message + (f" ({diagnostic.address})" if diagnostic.address else "")
    folder = f"{report_folder}/{finding.root}" if finding.root else report_folder
    location = _location(diagnostic.place or Place(folder, 1), uris)
    if diagnostic.address:
        location["logicalLocations"] = [{"fullyQualifiedName": diagnostic.address, "kind": "resource"}]
    result: dict[str, Any] = {
        "ruleId": finding.check_id,
        "ruleIndex": numbers[finding.check_id],
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": message},
        "locations": [location],
        "partialFingerprints": {"groundplan/v1": _fingerprint(finding)},
    }
    source = finding.terraform_place
    if source and source != diagnostic.place:
        result["relatedLocations"] = [{"id": 1, **_location(source, uris), "message": {"text": "Terraform source"}}]
    return result


def _location(place: Place, uris: _Uris) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": uris(place.file)},
            "region": {"startLine": place.line, "startColumn": place.column},
        }
    }


def _fingerprint(finding: Finding) -> str:
    """The same for the same problem after lines have moved."""
    diagnostic, source = finding.diagnostic, finding.terraform_place
    where = diagnostic.address or (source.file if source else "")
    parts = (finding.check_id, finding.root or "", where, diagnostic.message)
    return hashlib.sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()[:32]
