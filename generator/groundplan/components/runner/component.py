"""Machines inside the network that jobs of the pipeline run on."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.base import Cloud
from groundplan.components.base import CloudPart, Component, ModuleCall
from groundplan.components.ci.component import github_api
from groundplan.components.ci.part import Pipeline, Runners, pipeline_of
from groundplan.components.ci.runners import PATH
from groundplan.components.ci.spec import GITHUB
from groundplan.components.runner.part import runners_of
from groundplan.hcl.references import Ref, Var
from groundplan.hcl.write import Value
from groundplan.stack.layers import RUNNER
from groundplan.stack.model import Stack

RUNNERS = Ref("runner", "runner")


class RunnerComponent(Component[CloudPart]):
    """The runner module, in a root of its own: what a job may change must not be what it runs on."""

    name = "runner"
    anywhere = CloudPart()

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """One call for all of them."""
        runners, pipeline = runners_of(stack), pipeline_of(stack)
        if runners is None or pipeline is None:
            return
        yield ModuleCall(
            component=self.name,
            name=RUNNERS.call,
            source=f"{stack.provider}/runner",
            layer=RUNNER,
            arguments={
                "name": Var("name"),
                "github": _github(runners, pipeline),
                "labels": list(pipeline.labels),
                "tags": Var("tags"),
                **self.on(cloud).arguments("runner", stack),
            },
            path=PATH,
        )


def _github(runners: Runners, pipeline: Pipeline) -> dict[str, Value]:
    """The server, unless it is github.com, and the repository."""
    at = pipeline.github
    assert at is not None, "a rule asks for it"
    server: dict[str, Value] = {} if at.url == GITHUB else {"url": at.url, "api": github_api(at.url)}
    group: dict[str, Value] = {"group": runners.group} if runners.group else {}
    return {**server, "owner": at.owner, "repository": at.name, **group}


COMPONENT = RunnerComponent()
