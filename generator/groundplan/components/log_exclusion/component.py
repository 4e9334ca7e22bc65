"""What keeps logs that have a place of their own out of the cloud's default one."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.base import Cloud
from groundplan.components.base import CloudPart, Component, ModuleCall
from groundplan.components.needs import OwnLog
from groundplan.hcl.references import Var
from groundplan.stack.layers import FOUNDATION
from groundplan.stack.model import Stack


class LogExclusion(Component[CloudPart]):
    """The log exclusion module, once for everything that says it keeps its own log."""

    name = "log_exclusion"
    anywhere = CloudPart()

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """One call where logs are kept apart: a project takes few exclusions, and has several environments."""
        if logs := stack.needed(OwnLog):
            yield ModuleCall(
                component=self.name,
                name=self.name,
                source=f"{stack.provider}/log_exclusion",
                layer=FOUNDATION,
                arguments={"name": Var("name"), "filters": {log.name: log.filter for log in logs}},
                path=logs[0].path,
            )


COMPONENT = LogExclusion()
