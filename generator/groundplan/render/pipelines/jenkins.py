"""Jenkins: one declarative Jenkinsfile with a stage for each environment, side by side.

One that fails stops no other, and the build is red. Agents are those of stages: none waits while people are asked.
Builds of a branch run one after the other, so that an older one applies nothing after a newer one; the step `milestone`
would say the same, and may not stand in `parallel`: https://www.jenkins.io/doc/pipeline/steps/pipeline-milestone-step/
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import replace

from groundplan import __version__
from groundplan.components.ci.part import Comments
from groundplan.environment.files import FileSet
from groundplan.render.pipelines.configuration import configuration, configured
from groundplan.render.pipelines.jobs import ALLOWED, COMMENT, FINDINGS, ISSUE, jobs
from groundplan.render.pipelines.model import Call, Given, Job, Target, Targets, When
from groundplan.render.pipelines.text import groovy, shell
from groundplan.render.pipelines.text import lines as joined

JENKINSFILE = "Jenkinsfile"
_ACTIONS = ("none", "drift", "apply", "destroy")
_NOTHING = 0
_PENDING = "GROUNDPLAN_PENDING"
_TARGET = "sh(returnStdout: true, script: 'git merge-base HEAD origin/$CHANGE_TARGET').trim()"
_BASE = f"${{env.CHANGE_TARGET ? {_TARGET} : env.GIT_PREVIOUS_SUCCESSFUL_COMMIT ?: ''}}"
"""Merged into its target or not, a proposed change is compared with where the two last met."""
_CAUGHT = "catchError(buildResult: 'FAILURE', stageResult: 'FAILURE')"


def jenkins_files(targets: Targets) -> FileSet:
    """The Jenkinsfile, and what names the identities of jobs to a cloud."""
    if not targets:
        return {}
    text = "".join(f"{line}\n" if line else "\n" for line in _pipeline(targets))
    return {JENKINSFILE: text, **configuration(targets, "jenkins")}


def _pipeline(targets: Targets) -> Iterator[str]:
    first = targets[0].pipeline
    yield f"// Rendered by groundplan {__version__}: change the specs and run `groundplan pipelines .`"
    if not all(_comments(one) for one in targets):
        yield "// Reports are kept with the build. Comments and issues: a token for `ci.jenkins.comments` in the specs."
    yield "pipeline {"
    yield "  agent none"
    yield from _in(("options {", "  disableConcurrentBuilds()", "  timeout(time: 8, unit: 'HOURS')", "}"))
    crons = sorted({one.pipeline.drift_cron for one in targets if one.pipeline.drift_cron})
    if crons:
        branch = groovy(first.default_branch)
        every = groovy("\n".join(("TZ=UTC", *crons)))
        yield f"  triggers {{ cron(env.BRANCH_NAME == {branch} ? {every} : '') }}"
    yield from _in(_parameters(targets))
    yield "  stages {"
    yield "    stage('environments') {"
    yield "      parallel {"
    for index, target in enumerate(targets, 1):
        yield from _in(_environment(target, f"{_PENDING}_{index}"), 4)
    yield "      }"
    yield "    }"
    yield "  }"
    yield "}"


def _in(lines: Iterable[str], depth: int = 1) -> Iterator[str]:
    return ("  " * depth + line if line else "" for line in lines)


def _agent(target: Target) -> Iterator[str]:
    pipeline = target.pipeline
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
    yield f"  string(name: 'GROUNDPLAN_ALLOW', defaultValue: '', description: {groovy(ALLOWED)})"
    yield "}"


def _environment(target: Target, pending: str) -> Iterator[str]:
    """What needs no approval on one agent, then what does; `pending` is the variable that says if there is an apply."""
    own = [_own(job, target) for job in jobs("junit") if job.tells is None or _comments(target)]
    yield f"stage({groovy(target.name)}) {{"
    yield "  stages {"
    yield from _in(_plans([job for job in own if not job.approved], target, pending), 2)
    for job in (job for job in own if job.approved):
        yield from _in(_approval(job, target, pending), 2)
        yield from _in(_approved(job, target, pending), 2)
    yield "  }"
    yield "}"


def _plans(own: Iterable[Job], target: Target, pending: str) -> Iterator[str]:
    yield f"stage({groovy(f'{target.name}: plans')}) {{"
    yield "  when {"
    yield "    beforeAgent true"
    yield "    anyOf {"
    yield "      changeRequest()"
    yield "      allOf {"
    yield f"        {_branch(target)}"
    by_hand = f"params.GROUNDPLAN_ACTION != 'destroy' && {_at(target)}"
    yield f"        expression {{ params.GROUNDPLAN_ACTION in [null, 'none'] || {by_hand} }}"
    yield "      }"
    yield "    }"
    yield "  }"
    yield from _in(_agent(target))
    yield f'  environment {{ {Given.BASE} = "{_BASE}" }}'
    yield "  stages {"
    for job in own:
        yield from _in(_stage(job, target, pending), 2)
    yield "  }"
    yield "}"


def _own(job: Job, target: Target) -> Job:
    """The job with files of the environment's own: a build has one archive, and workspaces outlive builds."""
    names = {file: f"{target.name}-{file}" for file in (*FINDINGS.values(), *COMMENT, ISSUE)}
    calls = tuple(
        replace(call, output=names.get(call.output, ""), words=tuple(names.get(str(word), word) for word in call.words))
        for call in job.calls
    )
    return replace(job, calls=calls, keeps=tuple(names[file] for file in job.keeps))


def _stage(job: Job, target: Target, pending: str) -> Iterator[str]:
    yield f"stage({groovy(f'{target.name}: {job.name}')}) {{"
    yield from _in(_block("when", _conditions(job, target)))
    yield "  steps {"
    if job.when in (When.PROPOSED, When.OWN):
        yield from _in(_block(_CAUGHT, _steps(job, target)), 2)
    else:
        yield from _in(_steps(job, target), 2)
    if job.results:
        yield from _in(_handed(target, pending), 2)
    yield "  }"
    if job.keeps:
        yield from _in(_post(job))
    yield "}"


def _block(head: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"{head} {{"
    yield from _in(lines)
    yield "}"


def _handed(target: Target, pending: str) -> Iterator[str]:
    """The digest of the plans, and whether anybody has to be asked: another agent reads nothing of this one."""
    file = groovy(_results(target))
    yield f"stash name: {groovy(target.name)}, includes: {file}"
    yield f"script {{ env.{pending} = readFile({file}).contains('{_PENDING}=true') ? 'true' : 'false' }}"


def _approval(job: Job, target: Target, pending: str) -> Iterator[str]:
    yield f"stage({groovy(f'{target.name}: approve {job.name}')}) {{"
    yield from _in(_block("when", ("beforeInput true", *_approvable(job, target, pending))))
    yield "  input {"
    yield f"    message {groovy(f'{job.name.capitalize()} {target.name}?')}"
    if target.pipeline.approvers:
        yield f"    submitter {groovy(','.join(target.pipeline.approvers))}"
    yield "  }"
    yield f"  steps {{ echo {groovy(f'{job.name} of {target.name} approved')} }}"
    yield "}"


def _approved(job: Job, target: Target, pending: str) -> Iterator[str]:
    """With the lock before the agent."""
    yield f"stage({groovy(f'{target.name}: {job.name}')}) {{"
    yield from _in(_block("when", ("beforeOptions true", *_approvable(job, target, pending))))
    yield f"  options {{ lock(resource: {groovy(target.lock)}) }}"
    yield from _in(_agent(target))
    yield "  steps {"
    if "save" in job.needs:
        yield f"    unstash {groovy(target.name)}"
    yield from _in(_steps(job, target), 2)
    yield "  }"
    yield "}"


def _approvable(job: Job, target: Target, pending: str) -> Iterator[str]:
    """Conditions that need no agent."""
    yield _branch(target)
    if job.when is When.DESTROY:
        yield f"expression {{ params.GROUNDPLAN_ACTION == 'destroy' && {_at(target)} }}"
    else:
        yield f"expression {{ env.{pending} == 'true' }}"


def _branch(target: Target) -> str:
    return f"branch {groovy(target.pipeline.default_branch)}"


def _at(target: Target) -> str:
    return f"params.GROUNDPLAN_TARGET == {groovy(target.name)}"


def _results(target: Target) -> str:
    """The file with what `save` hands over."""
    return f"{target.name}.env"


def _conditions(job: Job, target: Target) -> Iterator[str]:
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
            yield _branch(target)
            yield "not { triggeredBy 'TimerTrigger' }"
            action = "params.GROUNDPLAN_ACTION"
            yield f"expression {{ {action} == 'apply' || {action} in [null, 'none'] && {asked} }}"
        case When.SCHEDULED:
            yield _branch(target)
            yield "anyOf {"
            yield "  triggeredBy 'TimerTrigger'"
            yield "  expression { params.GROUNDPLAN_ACTION == 'drift' }"
            yield "}"
        case When.DESTROY:
            raise AssertionError("asked without an agent")


def _steps(job: Job, target: Target) -> Iterator[str]:
    results = {Given.RESULTS: _results(target)}
    lines = ["\n".join(joined(job.calls, {**target.given, **results}))]
    if "save" in job.needs:
        lines = [f". ./{_results(target)} && {line}" for line in lines]
    if made := [*job.keeps, *([_results(target)] if job.results else [])]:
        lines.insert(0, f"rm -f {' '.join(map(shlex.quote, made))}")
    if job.tells and (comments := _comments(target)):
        yield from _telling(comments, lines)
        return
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


def _comments(target: Target) -> Comments | None:
    return target.pipeline.jenkins.comments if target.pipeline.jenkins else None


def _telling(comments: Comments, lines: Iterable[str]) -> Iterator[str]:
    """With the token of the controller, and where to write."""
    credential = f"credentialsId: {groovy(comments.credential)}, variable: 'GROUNDPLAN_FORGE_TOKEN'"
    said = {"": comments.forge, "_URL": comments.api, "_PROJECT": comments.project}
    variables = ", ".join(groovy(f"GROUNDPLAN_FORGE{name}={text}") for name, text in said.items())
    yield f"withCredentials([string({credential})]) {{"
    yield f"  withEnv([{variables}]) {{"
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
    for found in (file for file in job.keeps if file.endswith(FINDINGS["junit"])):
        yield f"    junit testResults: {groovy(found)}, allowEmptyResults: true"
    files = groovy(", ".join(job.keeps))
    yield f"    archiveArtifacts artifacts: {files}, allowEmptyArchive: true"
    yield "  }"
    yield "}"
