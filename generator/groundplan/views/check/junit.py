"""A check's report as JUnit XML, the format CI systems show as test results."""

from __future__ import annotations

from xml.etree import ElementTree

from groundplan.check.report import CheckReport, Finding, Step, StepName, StepStatus
from groundplan.diagnostics import Severity
from groundplan.escaping import for_text, for_xml, lines_for_text

_STEP_OF = {
    "GP40": StepName.FRESHNESS,
    "GP501": StepName.FORMAT,
    "GP504": StepName.PLAN,
    "GP50": StepName.VALIDATE,
    **{f"GP60{digit}": StepName.CHARTS for digit in "456789"},
    "GP60": StepName.CHECKOV,
    "GP828": StepName.CHARTS,
    "GP9": StepName.RULES,
}
"""The step that finds what has a code beginning so; the first that fits."""


def junit(*reports: CheckReport) -> str:
    """A suite for every folder and step: a failing case for every error; without one, a passing or skipped case."""
    seconds = sum(report.seconds for report in reports)
    suites = ElementTree.Element("testsuites", name="groundplan check", time=f"{seconds:.2f}")
    for report in reports:
        for step in report.steps:
            errors = [f for f in report.findings if f.diagnostic.severity is Severity.ERROR and _step(f) is step.name]
            suite = _suite(suites, step, errors)
            if len(reports) > 1:
                suite.set("name", f"{for_xml(report.folder)}: {step.name.value}")
    for count in ("tests", "failures", "skipped"):
        suites.set(count, str(sum(int(suite.get(count, "0")) for suite in suites)))
    ElementTree.indent(suites)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(suites, encoding="unicode")}\n'


def _suite(suites: ElementTree.Element, step: Step, errors: list[Finding]) -> ElementTree.Element:
    skipped = step.status is StepStatus.NOT_RUN and not errors
    suite = ElementTree.SubElement(
        suites,
        "testsuite",
        name=step.name.value,
        tests=str(len(errors) or 1),
        failures=str(len(errors)),
        skipped=str(int(skipped)),
        time=f"{step.seconds:.2f}",
    )
    for finding in errors:
        _failure(suite, step, finding)
    if not errors:
        case = ElementTree.SubElement(
            suite, "testcase", classname=f"groundplan.{step.name.value}", name=step.name.value
        )
        if skipped:
            ElementTree.SubElement(case, "skipped", message=for_xml(step.reason or "not run"))
    return suite


def _failure(suite: ElementTree.Element, step: Step, finding: Finding) -> None:
    diagnostic = finding.diagnostic
    name = " ".join(part for part in (finding.check_id, diagnostic.address) if part)
    case = ElementTree.SubElement(suite, "testcase", classname=f"groundplan.{step.name.value}", name=for_xml(name))
    if diagnostic.place:
        case.set("file", for_xml(diagnostic.place.file))
        case.set("line", str(diagnostic.place.line))
    failure = ElementTree.SubElement(case, "failure", type=diagnostic.code, message=for_xml(diagnostic.message))
    places = [for_text(place) for place in dict.fromkeys((diagnostic.place, finding.terraform_place)) if place]
    failure.text = "\n".join([*places, *lines_for_text(diagnostic.hint or "")])


def _step(finding: Finding) -> StepName:
    code = finding.diagnostic.code
    return next((step for prefix, step in _STEP_OF.items() if code.startswith(prefix)), StepName.VALIDATE)
