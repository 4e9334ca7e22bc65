"""Jenkins: one declarative Jenkinsfile with a stage for each environment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from groundplan import __version__
from groundplan.environment.files import FileSet
from groundplan.render.pipelines.configuration import configuration, configured
from groundplan.render.pipelines.jobs import FINDINGS, jobs
from groundplan.render.pipelines.model import Call, Given, Job, Target, Targets, When
from groundplan.render.pipelines.text import groovy, shell

JENKINSFILE = "Jenkinsfile"
_ACTIONS = ("none", "drift", "apply", "destroy")
_NOTHING = 0


def jenkins_files(targets: Targets) -> FileSet:
    """The Jenkinsfile, and what names the identities of jobs to a cloud."""
    if not targets:
        return {}
    text = "".join(f"{line}\n" if line else "\n" for line in _pipeline(targets))
    return {JENKINSFILE: text, **configuration(targets, "jenkins")}


def _pipeline(targets: Targets) -> Iterator[str]:
    first = targets[0].pipeline
    yield f"// Rendered by groundplan {__version__}: change the specs and run `groundplan pipelines .`"
    yield "pipeline {"
    yield from _in(_agent(targets))
    yield from _in(("options {", "  disableConcurrentBuilds()", "  timeout(time: 8, unit: 'HOURS')", "}"))
    crons = sorted({one.pipeline.drift_cron for one in targets if one.pipeline.drift_cron})
    if crons:
        branch = groovy(first.default_branch)
        every = groovy("\n".join(("TZ=UTC", *crons)))
        yield f"  triggers {{ cron(env.BRANCH_NAME == {branch} ? {every} : '') }}"
    yield from _in(_parameters(targets))
    base = "${env.CHANGE_TARGET ? 'origin/' + env.CHANGE_TARGET : env.GIT_PREVIOUS_SUCCESSFUL_COMMIT ?: ''}"
    yield f'  environment {{ {Given.BASE} = "{base}" }}'
    yield "  stages {"
    for index, target in enumerate(targets):
        yield from _in(_environment(target, index), 2)
    yield "  }"
    yield "}"


def _in(lines: Iterable[str], depth: int = 1) -> Iterator[str]:
    return ("  " * depth + line if line else "" for line in lines)


def _agent(targets: Targets) -> Iterator[str]:
    pipeline = targets[0].pipeline
    label = groovy(" && ".join(pipeline.labels)) if pipeline.labels else ""
    if pipeline.image:
        yield "agent {"
        yield "  docker {"
        yield f"    image {groovy(pipeline.image)}"
        if label:
            yield f"    label {label}"
        yield "  }"
        yield "}"
    else:
        yield f"agent {{ label {label} }}" if label else "agent any"


def _parameters(targets: Targets) -> Iterator[str]:
    actions = ", ".join(map(groovy, _ACTIONS))
    names = ", ".join(groovy(one.name) for one in targets)
    yield "parameters {"
    todo = "What to do with the default branch"
    yield f"  choice(name: 'GROUNDPLAN_ACTION', choices: [{actions}], description: '{todo}')"
    yield f"  choice(name: 'GROUNDPLAN_TARGET', choices: [{names}], description: 'Environment to do it with')"
    what = "Name of the environment: lets an apply lose or replace something, and a destroy begin"
    yield f"  string(name: 'GROUNDPLAN_CONFIRM', defaultValue: '', description: {groovy(what)})"
    yield "}"


def _environment(target: Target, index: int) -> Iterator[str]:
    yield f"stage({groovy(target.name)}) {{"
    yield "  stages {"
    for job in jobs("junit"):
        if job.tells is None:
            yield from _in(_stage(job, target, index), 2)
    yield "  }"
    yield "}"


def _stage(job: Job, target: Target, index: int) -> Iterator[str]:
    if job.approved:
        yield from _approval(job, target)
    yield f"stage({groovy(f'{target.name}: {job.name}')}) {{"
    yield from _in(_when(job, target))
    if job.locked:
        yield f"  options {{ lock(resource: {groovy(target.lock)}) }}"
    yield "  steps {"
    if job.locked:
        yield f"    milestone(ordinal: {2 * index + (2 if job.when is When.DESTROY else 1)})"
    yield from _in(_steps(job, target), 2)
    yield "  }"
    if job.keeps:
        yield from _in(_post(job))
    yield "}"


def _approval(job: Job, target: Target) -> Iterator[str]:
    yield f"stage({groovy(f'{target.name}: approve {job.name}')}) {{"
    yield from _in(_when(job, target))
    yield "  input {"
    yield f"    message {groovy(f'{job.name.capitalize()} {target.name}?')}"
    if target.pipeline.approvers:
        yield f"    submitter {groovy(','.join(target.pipeline.approvers))}"
    yield "  }"
    yield f"  steps {{ echo {groovy(f'{job.name} of {target.name} approved')} }}"
    yield "}"


def _when(job: Job, target: Target) -> Iterator[str]:
    """Conditions are asked before an approval is."""
    yield "when {"
    yield "  beforeInput true"
    yield "  beforeOptions true"
    yield from _in(_conditions(job, target))
    yield "}"


def _conditions(job: Job, target: Target) -> Iterator[str]:
    branch = f"branch {groovy(target.pipeline.default_branch)}"
    at = f"params.GROUNDPLAN_TARGET == {groovy(target.name)}"
    touched = Call("", ("affected", ".", "--only", Given.FOLDER, "--base", Given.BASE, "--exit-code"))
    asked = f"sh(returnStatus: true, script: {groovy(shell(touched, target.given))}) != {_NOTHING}"
    match job.when:
        case When.PROPOSED:
            yield "changeRequest()"
            yield f"expression {{ {asked} }}"
        case When.OWN:
            yield "changeRequest()"
            yield f"expression {{ env.CHANGE_FORK == null && {asked} }}"
        case When.MERGED:
            yield branch
            yield "not { triggeredBy 'TimerTrigger' }"
            by_hand = f"params.GROUNDPLAN_ACTION == 'apply' && {at}"
            yield f"expression {{ {by_hand} || params.GROUNDPLAN_ACTION in [null, 'none'] && {asked} }}"
            if job.approved:
                pending = groovy(f"{target.name}.env")
                yield f"expression {{ readFile({pending}).contains('GROUNDPLAN_PENDING=true') }}"
        case When.SCHEDULED:
            yield branch
            yield "anyOf {"
            yield "  triggeredBy 'TimerTrigger'"
            yield f"  expression {{ params.GROUNDPLAN_ACTION == 'drift' && {at} }}"
            yield "}"
        case When.DESTROY:
            yield branch
            yield f"expression {{ params.GROUNDPLAN_ACTION == 'destroy' && {at} }}"


def _steps(job: Job, target: Target) -> Iterator[str]:
    results = {Given.RESULTS: f"{target.name}.env"}
    lines = [shell(call, {**target.given, **results}) for call in job.calls]
    if "save" in job.needs:
        lines = [f". ./{target.name}.env && {line}" for line in lines]
    if job.results:
        lines.insert(0, f"rm -f {target.name}.env")
    if job.identity is None or not (target.pipeline.jenkins and target.pipeline.jenkins.issuer):
        yield from (f"sh {groovy(line)}" for line in lines)
        return
    credential = groovy(f"groundplan-{target.name}-{job.identity}")
    yield f"withCredentials([file(credentialsId: {credential}, variable: '{Given.TOKEN_FILE}')]) {{"
    yield f"  withEnv([{', '.join(_variables(job, target))}]) {{"
    if target.login.configuration:
        yield f"    sh {groovy(configured(target, 'jenkins', job.identity))}"
    yield from (f"    sh {groovy(line)}" for line in lines)
    yield "  }"
    yield "}"


def _variables(job: Job, target: Target) -> Iterator[str]:
    assert job.identity
    for name, text in target.login.variables[job.identity].items():
        token = f'"{name}=${{env.{Given.TOKEN_FILE}}}"'
        yield token if text == "{token}" else groovy(f"{name}={text}")
    if target.login.configuration:
        file = f"${{env.WORKSPACE_TMP}}/{target.name}-{job.identity}.json"
        yield f'"{target.login.configuration_variable}={file}"'


def _post(job: Job) -> Iterator[str]:
    yield "post {"
    yield "  always {"
    if FINDINGS["junit"] in job.keeps:
        yield f"    junit testResults: {groovy(FINDINGS['junit'])}, allowEmptyResults: true"
    files = groovy(", ".join(job.keeps))
    yield f"    archiveArtifacts artifacts: {files}, allowEmptyArchive: true"
    yield "  }"
    yield "}"
