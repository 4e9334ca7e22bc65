"""GitHub Actions: a reusable workflow for all environments of a repository, and a small one that calls it for each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from groundplan import __version__
from groundplan.components.ci.login import Action
from groundplan.components.ci.part import REUSABLE
from groundplan.components.ci_identity.names import APPLY_HOURS
from groundplan.environment.files import FileSet
from groundplan.render.pipelines.actions import CHECKOUT, DOWNLOAD, SETUP_PYTHON, UPLOAD, UPLOAD_SARIF
from groundplan.render.pipelines.jobs import ALLOWED, FINDINGS, jobs
from groundplan.render.pipelines.model import Call, Given, Job, Stage, Target, Targets, Tells, When
from groundplan.render.pipelines.text import Expression, Node, Noted, literal, shell, yaml_text

HOSTED = "ubuntu-24.04"
PYTHON = "3.12"
INSTALL = f"python -m pip install --quiet --no-compile groundplan=={__version__}"
"""A job loads a tenth of the modules, which Python compiles then: compiling all of them is most of an installation."""
_HOSTED_CACHE = Expression("runner.environment == 'github-hosted' && 'pip' || ''")
_MINUTES = dict.fromkeys((Stage.APPLY, Stage.DESTROY), 60 * APPLY_HOURS - 10)
"""Less than credentials last: an apply that is stopped in time still writes its state and gives back its lock."""
_INPUTS = (
    *("environment", "folder", "spec", "roots", "runner", "cloud", "region", "provider", "default_branch"),
    *("plan_identity", "drift_identity", "apply_identity", "apply_environment", "lock", "action", "confirm", "allow"),
)
_TYPED = ("action", "confirm", "allow")
_BASE = (
    "github.event_name == 'pull_request' && 'HEAD^1' || github.event.merge_group.base_sha || github.event.before || ''"
)
"""A pull request is checked out merged into its base, which has often moved on since the event's `base.sha`.

https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request
"""
_DEFAULT = "github.ref == format('refs/heads/{0}', inputs.default_branch)"
_BY_HAND = "github.event_name == 'workflow_dispatch'"
_OWN = "github.event_name == 'pull_request' && github.event.pull_request.head.repo.id == github.event.repository.id"
_CONDITIONS = {
    When.PROPOSED: "github.event_name == 'pull_request' || github.event_name == 'merge_group'",
    When.OWN: _OWN,
    When.MERGED: f"{_DEFAULT} && (github.event_name == 'push' || {_BY_HAND} && inputs.action == 'apply')",
    When.SCHEDULED: f"{_DEFAULT} && (github.event_name == 'schedule' || {_BY_HAND} && inputs.action == 'drift')",
    When.DESTROY: f"{_DEFAULT} && {_BY_HAND} && inputs.action == 'destroy'",
}
_TOUCHING = (When.PROPOSED, When.OWN, When.MERGED)
"""What runs only where the environment is touched."""
_WRITES = {
    "id-token": Noted("write", "the token for which the cloud gives credentials"),
    "issues": Noted("write", "the issue about drift"),
    "pull-requests": Noted("write", "the comment"),
    "security-events": Noted("write", "findings of the check"),
}
_READS = {"contents": "read"}
_RUN = Noted("read", "asked for where findings are uploaded")
_PERMISSIONS: Mapping[Tells | None, Mapping[str, Node]] = {
    None: _READS,
    Tells.COMMENT: {
        "actions": _RUN,
        **_READS,
        **{name: _WRITES[name] for name in ("pull-requests", "security-events")},
    },
    Tells.ISSUE: {**_READS, "issues": _WRITES["issues"]},
}
_GIVEN: Mapping[Given, Expression] = {
    Given.ENVIRONMENT: Expression("inputs.environment"),
    Given.FOLDER: Expression("inputs.folder"),
    Given.SPEC: Expression("inputs.spec"),
    Given.ROOTS: Expression("inputs.roots"),
    Given.BASE: Expression(_BASE),
    Given.PLANS: Expression("needs.save.outputs.plans"),
    Given.CONFIRM: Expression("inputs.confirm"),
    Given.ALLOW: Expression("inputs.allow"),
}
"""Where a variable has its value from; `GROUNDPLAN_RESULTS` is the file of the step."""
_OUTPUT = '"$GITHUB_OUTPUT"'


def github_files(targets: Targets) -> FileSet:
    """The workflows below `.github/workflows`."""
    if not targets:
        return {}
    callers = {f".github/workflows/groundplan-{one.name}.yml": yaml_text(_caller(one)) for one in targets}
    files = {REUSABLE: yaml_text(_reusable(targets)), **callers}
    return {name: f"{_head()}{text}" for name, text in files.items()}


def _head() -> str:
    return f"# Rendered by groundplan {__version__}: change the specs and run `groundplan pipelines .`\n"


def _caller(target: Target) -> dict[str, Node]:
    pipeline = target.pipeline
    branches: Node = [literal(pipeline.default_branch)]
    triggers: dict[str, Node] = {
        "pull_request": {"branches": branches},
        "merge_group": {"branches": branches},
        "push": {"branches": branches},
        "workflow_dispatch": {"inputs": _by_hand(target)},
    }
    if pipeline.drift_cron:
        triggers["schedule"] = [{"cron": pipeline.drift_cron}]
    return {
        "name": literal(target.name),
        "on": triggers,
        "permissions": {},
        "concurrency": {
            "group": Expression(
                "format('{0}-{1}', github.workflow, github.event.pull_request.number || github.run_id)"
            ),
            "cancel-in-progress": Expression("github.event_name == 'pull_request'"),
        },
        "jobs": {
            "groundplan": {
                "name": literal(target.name),
                "uses": Noted(f"./{REUSABLE}", _RELATIVE),
                "permissions": {"actions": _RUN, **_READS, **_WRITES},
                "with": _values(target),
            }
        },
    }


_RELATIVE = "zizmor: ignore[self-repository] servers of one's own do not know `$/` yet"


def _by_hand(target: Target) -> dict[str, Node]:
    return {
        "action": {
            "description": "What to do with the default branch",
            "type": "choice",
            "required": True,
            "options": ["drift", "apply", "destroy"],
        },
        "confirm": {
            "description": "Name of the environment: lets an apply lose or replace something, and a destroy begin",
            "type": "string",
        },
        "allow": {"description": ALLOWED, "type": "string"},
    }


def _values(target: Target) -> dict[str, Node]:
    login, pipeline = target.login, target.pipeline
    runner = json.dumps(list(pipeline.labels)) if pipeline.labels else json.dumps(HOSTED)
    texts = {
        "environment": target.name,
        "folder": target.folder,
        "spec": target.spec,
        "roots": target.given[Given.ROOTS],
        "runner": runner,
        "cloud": target.cloud,
        "region": login.region,
        "provider": login.providers.get("github", ""),
        "default_branch": pipeline.default_branch,
        **{f"{identity}_identity": name for identity, name in login.identities.items()},
        "apply_environment": target.apply_environment,
        "lock": target.lock,
    }
    values: dict[str, Node] = {name: literal(text) for name, text in texts.items() if text}
    return {**values, **{name: Expression(f"inputs.{name} || ''") for name in _TYPED}}


def _reusable(targets: Targets) -> dict[str, Node]:
    clouds = {one.cloud: one for one in targets}
    made = jobs("sarif")
    return {
        "name": "groundplan",
        "on": {"workflow_call": {"inputs": {name: _input(name) for name in _INPUTS}}},
        "permissions": {},
        "defaults": {"run": {"shell": "bash"}},
        "jobs": {"affected": _affected(), **{job.name: _job(job, clouds) for job in made}},
    }


def _input(name: str) -> Node:
    optional = name in ("provider", *_TYPED)
    return {"type": "string", "default": ""} if optional else {"type": "string", "required": True}


def _affected() -> Node:
    call = Call(
        "Whether the change touches it",
        ("affected", ".", "--only", Given.FOLDER, "--base", Given.BASE, "--results", Given.RESULTS),
    )
    step = {"id": "affected", "name": call.title, "run": _line(call)}
    return {
        "name": "affected",
        "runs-on": Expression("fromJSON(inputs.runner)"),
        "timeout-minutes": 15,
        "permissions": _PERMISSIONS[None],
        "outputs": {"touched": Expression("steps.affected.outputs.GROUNDPLAN_TOUCHED")},
        "env": _variables((call,)),
        "steps": [*_begin(checkout=True, cached=True), step],
    }


def _line(call: Call) -> str:
    return shell(call, {}).replace(f'"${Given.RESULTS}"', _OUTPUT)


def _variables(calls: tuple[Call, ...]) -> dict[str, Node]:
    """Those that the calls use."""
    used = {
        getattr(word, "value", word) if not isinstance(word, str) else word for call in calls for word in call.words
    }
    return {str(given): value for given, value in _GIVEN.items() if given in used}


def _job(job: Job, clouds: Mapping[str, Target]) -> Node:
    touching = job.when in _TOUCHING
    needs = [*(("affected",) if touching else ()), *job.needs]
    made: dict[str, Node] = {"name": job.name}
    made |= {"if": Expression(_condition(job)), **({"needs": needs} if needs else {})}
    made |= {"runs-on": Expression("fromJSON(inputs.runner)"), "timeout-minutes": _MINUTES.get(job.stage, 60)}
    made["permissions"] = {**_PERMISSIONS[job.tells], **({"id-token": _WRITES["id-token"]} if job.identity else {})}
    if job.approved:
        made["environment"] = {"name": Expression("inputs.apply_environment")}
    if job.locked:
        made["concurrency"] = {"group": Expression("inputs.lock"), "cancel-in-progress": False}
    if job.results:
        outputs = {"plans": "GROUNDPLAN_PLANS", "pending": "GROUNDPLAN_PENDING"}
        made["outputs"] = {name: Expression(f"steps.results.outputs.{text}") for name, text in outputs.items()}
    variables = _variables(job.calls)
    if variables:
        made["env"] = variables
    return {**made, "steps": list(_steps(job, clouds))}


def _condition(job: Job) -> str:
    conditions = [_CONDITIONS[job.when]]
    if job.when in _TOUCHING:
        conditions.insert(0, "needs.affected.outputs.touched == 'true'")
    if "save" in job.needs:
        conditions.append("needs.save.outputs.pending == 'true'")
    if job.whatever:
        conditions.insert(0, "!cancelled()")
    return " && ".join(f"({one})" if " || " in one and not one.startswith(_DEFAULT) else one for one in conditions)


def _steps(job: Job, clouds: Mapping[str, Target]) -> Iterator[Node]:
    yield from _begin(checkout=job.tells is None, cached=job.tells is None and job.identity is None)
    if job.takes:
        pattern = Expression("format('groundplan-{0}-*', inputs.environment)")
        yield _uses(DOWNLOAD, "Files of the jobs before", {"pattern": pattern, "merge-multiple": True})
    if job.identity:
        yield from (_login(name, one, job) for name, one in sorted(clouds.items()))
    yield from (_run(call, job) for call in job.calls)
    if job.tells is Tells.COMMENT:
        arguments: dict[str, Node] = {"sarif_file": FINDINGS["sarif"], "category": Expression("inputs.environment")}
        condition = Expression(f"!cancelled() && hashFiles('{FINDINGS['sarif']}') != ''")
        yield {**_uses(UPLOAD_SARIF, "Findings", arguments, condition), "continue-on-error": True}
    if job.keeps and not job.results:
        name = Expression(f"format('groundplan-{{0}}-{job.name}', inputs.environment)")
        keep: dict[str, Node] = {"name": name, "path": "\n".join(job.keeps), "retention-days": 7}
        keep["if-no-files-found"] = "ignore"
        yield _uses(UPLOAD, "Keep what was found", keep, Expression("!cancelled()"))


def _begin(*, checkout: bool, cached: bool) -> Iterator[Node]:
    """`cached`: packages of an earlier run. Other workflows may write there, so that jobs with an identity take none.

    The file whose digest names them has the version of groundplan. Runners of one's own keep what pip keeps.
    https://github.com/actions/setup-python#caching-packages-dependencies
    """
    if checkout:
        yield _uses(CHECKOUT, "Check out", {"fetch-depth": 0, "persist-credentials": False})
    cache: dict[str, Node] = {"cache": _HOSTED_CACHE, "cache-dependency-path": REUSABLE} if cached else {}
    yield _uses(SETUP_PYTHON, "Python", {"python-version": PYTHON, **cache})
    yield {"name": "Install groundplan", "run": INSTALL}


def _uses(
    action: Action, title: str, arguments: Mapping[str, Node], condition: Expression | None = None
) -> dict[str, Node]:
    made: dict[str, Node] = {"name": title}
    if condition:
        made["if"] = condition
    return {**made, "uses": Noted(f"{action.name}@{action.sha}", action.version), "with": arguments}


def _login(cloud: str, target: Target, job: Job) -> Node:
    sources = {"identity": f"{job.identity}_identity", "region": "region", "provider": "provider"}
    arguments: dict[str, Node] = {
        name: Expression(f"inputs.{sources[of]}") for name, of in target.login.arguments.items()
    }
    if job.locked:
        arguments |= target.login.lasting
    return _uses(target.login.action, "Log in", arguments, Expression(f"inputs.cloud == '{cloud}'"))


def _run(call: Call, job: Job) -> Node:
    """A step; what holds Terraform's lock takes the shell's place, since only that is told of a cancelled run.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation
    """
    made: dict[str, Node] = {"name": call.title}
    if job.results:
        made["id"] = "results"
    if call.after_failure:
        made["if"] = Expression("!cancelled()")
    if job.tells:
        made["env"] = {"GITHUB_TOKEN": Expression("github.token")}
    line = _line(call)
    if job.results:
        line = shell(call, {}, output='"$GITHUB_STEP_SUMMARY"').replace(f'"${Given.RESULTS}"', _OUTPUT)
    return {**made, "run": f"exec {line}" if job.locked else line}
