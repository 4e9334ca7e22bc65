"""The jobs of every pipeline."""

from __future__ import annotations

from groundplan.render.pipelines.model import Call, Given, Job, Stage, Tells, Unless, When, Word

FINDINGS = {"sarif": "groundplan.sarif", "junit": "groundplan.xml"}
"""Files with what a check found, by format."""
RESULTS = "groundplan.env"
"""Variables that a job hands over, where the system has no file of its own for them."""
ALLOWED = "One class of losses that a destroy may bring, such as destroys-data"
"""What is asked of who starts one by hand."""
COMMENT, ISSUE = ("change.md", "cost.md", "plan.md"), "drift.md"
_LIVE: tuple[Word, ...] = ("--root", Given.ROOTS, "--terraform-bin", "groundplan-terraform")
"""The Terraform that comes with groundplan: the same release plans and applies."""
_PENDING = 6


def jobs(findings: str) -> tuple[Job, ...]:
    """In the order in which a reader meets them; the check writes its findings in the format that the system reads."""
    return (_check(findings), _GATE, _PLAN, _REPORT, _SAVE, _APPLY, _DRIFT, _DRIFT_ISSUE, _DESTROY)


def _check(findings: str) -> Job:
    return Job(
        name="check",
        stage=Stage.CHECK,
        when=When.PROPOSED,
        calls=(
            Call("Pipelines are as rendered", ("pipelines", ".", "--check")),
            Call(
                "Check",
                ("check", Given.FOLDER, "--format", findings),
                output=FINDINGS[findings],
                after_failure=True,
            ),
        ),
        keeps=(FINDINGS[findings],),
    )


_GATE = Job(
    name="gate",
    stage=Stage.GATE,
    when=When.PROPOSED,
    calls=(
        Call(
            "What changes",
            ("change", Given.FOLDER, "--from", Given.BASE, "--format", "markdown"),
            output="change.md",
        ),
        Call(
            "What it costs",
            ("compare", Given.SPEC, "--against", Given.BASE, "--capacity", "spec", "--format", "markdown"),
            output="cost.md",
            after_failure=True,
        ),
    ),
    keeps=("change.md", "cost.md"),
)
_PLAN = Job(
    name="plan",
    stage=Stage.PLAN,
    when=When.OWN,
    identity="plan",
    calls=(
        Call(
            "Plan",
            ("plan", Given.FOLDER, *_LIVE, "--no-lock", "--no-refresh", "--format", "markdown"),
            output="plan.md",
            accepts=(_PENDING,),
        ),
    ),
    keeps=("plan.md",),
)
_REPORT = Job(
    name="report",
    stage=Stage.PLAN,
    when=When.OWN,
    calls=(Call("Comment", ("comment", *COMMENT, "--environment", Given.ENVIRONMENT)),),
    needs=("check", "gate", "plan"),
    takes=("check", "gate", "plan"),
    tells=Tells.COMMENT,
    whatever=True,
)
_SAVE = Job(
    name="save",
    stage=Stage.PLAN,
    when=When.MERGED,
    identity="drift",
    calls=(
        Call(
            "Plan, to be applied as it is",
            ("plan", Given.FOLDER, *_LIVE, "--no-lock", "--keep", Given.RESULTS, "--format", "markdown"),
            output="plan.md",
            accepts=(_PENDING,),
        ),
    ),
    keeps=("plan.md",),
    results=True,
)
_APPLY = Job(
    name="apply",
    stage=Stage.APPLY,
    when=When.MERGED,
    identity="apply",
    calls=(
        Call(
            "Apply what was planned",
            (
                *("apply", Given.FOLDER, *_LIVE, "--kept", Given.PLANS, "--yes"),
                Unless("--confirm", Given.CONFIRM),
            ),
        ),
    ),
    needs=("save",),
    approved=True,
    locked=True,
)
_DRIFT = Job(
    name="drift",
    stage=Stage.DRIFT,
    when=When.SCHEDULED,
    identity="drift",
    calls=(
        Call(
            "Compare with the cloud",
            ("drift", Given.FOLDER, *_LIVE, "--format", "markdown"),
            output=ISSUE,
            accepts=(_PENDING,),
            empties=True,
        ),
    ),
    keeps=(ISSUE,),
)
_DRIFT_ISSUE = Job(
    name="drift-issue",
    stage=Stage.DRIFT,
    when=When.SCHEDULED,
    calls=(Call("Issue", ("comment", ISSUE, "--issue", "--environment", Given.ENVIRONMENT)),),
    needs=("drift",),
    takes=("drift",),
    tells=Tells.ISSUE,
)
_DESTROY = Job(
    name="destroy",
    stage=Stage.DESTROY,
    when=When.DESTROY,
    identity="apply",
    calls=(
        Call(
            "Destroy",
            ("destroy", Given.FOLDER, *_LIVE, "--confirm", Given.CONFIRM, Unless("--allow", Given.ALLOW)),
        ),
    ),
    approved=True,
    locked=True,
)
