"""GitLab CI: jobs and a child pipeline for each environment, and the file at the top that includes the jobs.

GitLab decides which jobs there are before any of them has run, and a job that waits for people blocks its pipeline. So
the apply is in a pipeline of its own: `save` writes its file, with an apply in it only where something is pending.
https://docs.gitlab.com/ci/pipelines/downstream_pipelines/#dynamic-child-pipelines
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import replace

from groundplan import __version__
from groundplan.environment.files import FileSet
from groundplan.render.pipelines.configuration import configuration, configured
from groundplan.render.pipelines.jobs import FINDINGS, RESULTS, jobs
from groundplan.render.pipelines.model import Call, Given, Job, Stage, Target, Targets, Tells, When
from groundplan.render.pipelines.text import Node, lines, shell, yaml_text

TOP = ".gitlab-ci.yml"
_FOLDER = ".gitlab/groundplan"
_TOKEN_FILE = "/tmp/groundplan-$CI_JOB_ID"
_PROPOSED = '$CI_PIPELINE_SOURCE == "merge_request_event"'
_OWN = f"{_PROPOSED} && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID"
"""Wherever it runs: a fork's pipeline most often runs in the fork, whose id `CI_PROJECT_ID` then is."""
_VARIABLES = {Given.RESULTS: RESULTS}
"""What a job has from its file; `GROUNDPLAN_CONFIRM` comes by hand."""
_BASE = (
    f'export {Given.BASE}="${{CI_MERGE_REQUEST_TARGET_BRANCH_SHA:-'
    '${CI_MERGE_REQUEST_DIFF_BASE_SHA:-$CI_COMMIT_BEFORE_SHA}}"'
)
"""What a change is compared with: in merged results, in other merge requests, and after a push. Zeros for none.

https://docs.gitlab.com/ci/variables/predefined_variables/
"""
_CHILD = "groundplan-apply.yml"
"""The file of the child pipeline among what `save` keeps."""
_PENDING = "GROUNDPLAN_PENDING"
_ANOTHER = f"'{Given.CONFIRM} is not the name of the environment'"


def gitlab_files(targets: Targets) -> FileSet:
    """The pipelines, and what names the identities of jobs to a cloud."""
    if not targets:
        return {}
    names = {one.name: f"{_FOLDER}/{one.name}.yml" for one in targets}
    top: dict[str, Node] = {
        "stages": [stage.value for stage in Stage if stage is not Stage.APPROVE],
        "include": [{"local": name} for name in names.values()],
    }
    files = {TOP: yaml_text(top), **{names[one.name]: yaml_text(_file(one)) for one in targets}}
    files |= {_template(one): yaml_text(_child(one)) for one in targets}
    head = f"# Rendered by groundplan {__version__}: change the specs and run `groundplan pipelines .`\n"
    made = {name: head + text for name, text in files.items()}
    return {**made, **configuration(targets, "gitlab")}


def _file(target: Target) -> dict[str, Node]:
    return {
        f"{target.name}:{job.name}": _triggered(job, target) if _is_applied(job) else _job(job, target)
        for job in jobs("junit")
    }


def _is_applied(job: Job) -> bool:
    """Whether it applies what `save` has planned."""
    return "save" in job.needs


def _triggered(job: Job, target: Target) -> Node:
    """The child pipeline, whose state the job has; nobody's variables go there.

    https://docs.gitlab.com/ci/yaml/#triggerstrategy
    """
    source = f"{target.name}:save"
    return {
        "stage": job.stage.value,
        "rules": list(_rules(replace(job, approved=False), target)),
        "needs": [source],
        "trigger": {"include": [{"artifact": _CHILD, "job": source}], "strategy": "mirror"},
    }


def _template(target: Target) -> str:
    return f"{_FOLDER}/apply/{target.name}.yml"


def _child(target: Target) -> dict[str, Node]:
    """An apply that people start, or a job that says there is none: GitLab makes no pipeline without jobs.

    A newer pipeline leaves it alone, which may be about another environment.
    """
    [job] = filter(_is_applied, jobs("junit"))
    apply = {name: node for name, node in _job(job, target).items() if name != "needs"}
    handed = {Given.PLANS.value: "{plans}", Given.CONFIRM.value: "{confirm}"}
    return {
        "stages": [job.stage.value],
        "workflow": {"auto_cancel": {"on_new_commit": "none"}},
        "variables": {_PENDING: "{pending}"},
        f"{target.name}:nothing": {
            **_begun(job, target),
            "rules": [{"if": f'${_PENDING} != "true"'}],
            "variables": {"GIT_STRATEGY": "none"},
            "script": ["echo 'nothing to apply'"],
        },
        f"{target.name}:{job.name}": {
            **apply,
            "rules": [{"if": f'${_PENDING} == "true"', "when": "manual"}],
            "variables": {**_variables(job, target), "GIT_DEPTH": "0", **handed},
        },
    }


def _filled(target: Target, pending: str, plans: str = "", confirm: str = "") -> str:
    """The line that writes the file of the child pipeline; its arguments are part of a text in double quotes."""
    values = {"pending": pending, "plans": plans, "confirm": confirm}
    edits = "; ".join(f"s/{{{name}}}/{text}/" for name, text in values.items())
    return f'sed "{edits}" {shlex.quote(_template(target))} > {_CHILD}'


def _begun(job: Job, target: Target) -> dict[str, Node]:
    pipeline = target.pipeline
    made: dict[str, Node] = {"stage": job.stage.value}
    if pipeline.image:
        made["image"] = {"name": pipeline.image, "entrypoint": [""]}
    if pipeline.labels:
        made["tags"] = list(pipeline.labels)
    return made


def _job(job: Job, target: Target) -> dict[str, Node]:
    made = _begun(job, target)
    made |= {"rules": list(_rules(job, target)), "interruptible": job.when in (When.PROPOSED, When.OWN)}
    if job.locked:
        made["resource_group"] = target.lock
    if job.approved:
        made["environment"] = {"name": target.apply_environment}
    needs: Node = [{"job": f"{target.name}:{one}", "optional": job.whatever, "artifacts": True} for one in job.needs]
    made["needs"] = needs
    if job.identity:
        made["id_tokens"] = {"GROUNDPLAN_TOKEN": {"aud": target.login.audiences["gitlab"]}}
    made["variables"] = {"GIT_DEPTH": "0", **_variables(job, target)}
    before = [*_touched(job, target), *(_login(job, target) if job.identity else ())]
    if before:
        made["before_script"] = before
    made["script"] = [*lines(job.calls, target.given), *(_handed(target) if job.results else ())]
    if job.tells is Tells.COMMENT:
        made["allow_failure"] = True
    if job.keeps:
        made["artifacts"] = _artifacts(job)
    return made


def _touched(job: Job, target: Target) -> Iterator[str]:
    """What ends a job early where it has nothing to do: `changes` is coarse."""
    if job.results:
        yield _filled(target, "false")
        name = shlex.quote(target.name)
        yield f'[ "${{{Given.CONFIRM}:-{name}}}" = {name} ] || {{ echo {_ANOTHER}; exit 1; }}'
    if job.asks:
        asked = Call("", ("affected", ".", "--only", Given.FOLDER, "--base", Given.BASE, "--exit-code"))
        yield _BASE
        yield f"{shell(asked, target.given)} && exit 0 || [ $? -eq 6 ]"


def _handed(target: Target) -> Iterator[str]:
    """The digest of the plans, and whether anybody has to be asked."""
    yield f". ./{RESULTS}"
    yield _filled(target, f"${_PENDING}", f"${Given.PLANS}", f"${Given.CONFIRM}")


def _artifacts(job: Job) -> Node:
    paths = [*job.keeps, *([_CHILD] if job.results else ())]
    made: dict[str, Node] = {"when": "always", "access": "developer", "expire_in": "1 week", "paths": paths}
    if FINDINGS["junit"] in job.keeps:
        made["reports"] = {"junit": FINDINGS["junit"]}
    return made


def _variables(job: Job, target: Target) -> dict[str, Node]:
    used = {word for call in job.calls for word in call.words if isinstance(word, Given)}
    made: dict[str, Node] = {str(given): text for given, text in _VARIABLES.items() if given in used}
    if job.identity:
        said = target.login.variables[job.identity]
        made |= {name: _plain(text) if text != "{token}" else _TOKEN_FILE for name, text in said.items()}
        made[Given.TOKEN_FILE.value] = _TOKEN_FILE
    if job.identity and target.login.configuration:
        made[target.login.configuration_variable] = f"{_TOKEN_FILE}.json"
    return made


def _plain(text: str) -> str:
    """A text in which GitLab expands no variable."""
    return text.replace("$", "$$")


def _quoted(text: str) -> str:
    """A text of a condition, which has no escapes: https://docs.gitlab.com/ci/jobs/job_rules/. Raises ValueError."""
    if '"' in text or "\n" in text:
        raise ValueError(f"no condition can hold it: {text[:60]}")
    return f'"{text}"'


def _login(job: Job, target: Target) -> Iterator[str]:
    yield "umask 077"
    yield f'printf \'%s\' "$GROUNDPLAN_TOKEN" > "${Given.TOKEN_FILE}"'
    if job.identity and target.login.configuration:
        yield configured(target, "gitlab", job.identity)


def _rules(job: Job, target: Target) -> Iterator[Node]:
    branch = f"$CI_COMMIT_BRANCH == {_quoted(target.pipeline.default_branch)}"
    by_hand = f'{branch} && $CI_PIPELINE_SOURCE == "web" && $GROUNDPLAN_TARGET == {_quoted(target.name)}'
    manual: dict[str, Node] = {"when": "manual"} if job.approved else {"when": "always"} if job.whatever else {}
    changes: Node = [f"{target.folder}/**/*" if target.folder != "." else "**/*", *target.sources]
    match job.when:
        case When.PROPOSED | When.OWN:
            condition = _PROPOSED if job.when is When.PROPOSED else _OWN
            yield {"if": condition, "changes": changes, **manual}
        case When.MERGED:
            yield {"if": f'{branch} && $CI_PIPELINE_SOURCE == "push"', "changes": changes, **manual}
            yield {"if": f'{by_hand} && $GROUNDPLAN_ACTION == "apply"', **manual}
        case When.SCHEDULED:
            yield {"if": f'{branch} && $CI_PIPELINE_SOURCE == "schedule"'}
            yield {"if": f'{by_hand} && $GROUNDPLAN_ACTION == "drift"'}
        case When.DESTROY:
            yield {"if": f'{by_hand} && $GROUNDPLAN_ACTION == "destroy"', **manual}
