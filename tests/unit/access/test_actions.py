"""Names of actions: a misspelt one is no proof that nobody may do it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from groundplan.access.aws.engine import Aws
from groundplan.access.engine import Engine
from groundplan.access.gcp.engine import Gcp
from groundplan.access.model import Given, Verdict
from groundplan.access.world import World
from groundplan.diagnostics import DiagnosticsError
from tests.unit.access.iam import allow, role

AWS: Sequence[Given] = role(allow("s3:PutObject"))


@pytest.mark.parametrize("engine", [Aws(()), Gcp(())])
def test_what_the_table_asks_about_is_known(engine: Engine) -> None:
    unknown = [one.name for one in engine.actions if one.name not in engine.siblings(one.name)]
    services = {one.name for one in engine.actions if not engine.siblings(one.name)}
    assert set(unknown) == services
    assert services <= {"container.clusters.delete"}


def test_words_are_the_same_on_both_clouds() -> None:
    words = [{one.words for one in engine.actions} for engine in (Aws(()), Gcp(()))]
    assert {"read objects", "write objects", "delete objects", "read secrets", "decrypt"} <= words[0] & words[1]
    assert {"delete clusters", "delete databases"} <= words[0] & words[1]


@pytest.mark.parametrize(("action", "hint"), [("s3:PutObjct", "did you mean `s3:PutObject`?"), ("kms:Nothing*", "")])
def test_an_action_that_is_not_there(action: str, hint: str) -> None:
    world = World(AWS)
    [subject] = world.subjects("role:job")
    with pytest.raises(DiagnosticsError) as caught:
        world.ask(subject, action, "*")
    [found] = caught.value.diagnostics
    assert (found.code, hint in (found.hint or "")) == ("GP207", True)


def test_actions_of_services_that_are_not_listed() -> None:
    world = World(AWS)
    [subject] = world.subjects("role:job")
    assert world.ask(subject, "bedrock:InvokeModel", "*").answer.verdict is Verdict.NOT_GRANTED
    assert world.ask(subject, "write objects", "*").answer.verdict is Verdict.ALLOWED
