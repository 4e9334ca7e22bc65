"""States of any shape: an answer, the same every time, and none where nothing differs."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundplan.terraform.effects import Path, effects, keep_blocks
from groundplan.terraform.effects.walk import differing
from groundplan.terraform.plugin.values import UNKNOWN

TYPES = ("aws_db_instance", "aws_lb", "google_sql_database_instance", "kubernetes_config_map_v1")


def names(type_: str) -> list[str]:
    return sorted({step for row in effects().changes(type_) for step in row.pattern if step not in "*#"}) or ["a"]


def states(type_: str) -> st.SearchStrategy[dict[str, Any]]:
    scalar = (
        st.none() | st.booleans() | st.integers(-5, 5) | st.floats() | st.text(max_size=3)
        | st.sampled_from(["", "true", "7", "10.0.0.0/8", "10.0.0.0/16", "{", '{"a": [1]}', "16.4"])
    )  # fmt: skip
    keys = st.sampled_from(names(type_))
    value = st.recursive(
        scalar, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=8
    )
    return st.dictionaries(keys, value, max_size=5)


@pytest.mark.slow
@pytest.mark.parametrize("type_", TYPES)
@settings(max_examples=25)
@given(data=st.data())
def test_a_state_beside_itself_or_another(type_: str, data: st.DataObject) -> None:
    before, after = data.draw(states(type_)), data.draw(states(type_))
    assert effects().replacing(type_, before, before) == ()
    assert effects().of_update(type_, before, before) == ()
    replaced = effects().replacing(type_, before, after)
    assert replaced == effects().replacing(type_, before, after)
    assert all(there(before, path) or there(after, path) for path in replaced)
    effects().of_update(type_, before, after)
    effects().recomputed(type_, before, after)
    effects().loss(type_, before)
    keep_blocks(effects().kept(type_), before, after)


@pytest.mark.slow
@pytest.mark.parametrize("type_", TYPES)
@settings(max_examples=15)
@given(data=st.data())
def test_what_is_unknown_hides_no_replacement(type_: str, data: st.DataObject) -> None:
    """Whatever an argument turns out to be: a place that replaces with some value does so while it is unknown."""
    before, after = data.draw(states(type_)), data.draw(states(type_))
    for name in {path[0] for path in effects().replacing(type_, before, after)}:
        hidden = after | {name: UNKNOWN}
        assert any(path[0] == name for path in effects().replacing(type_, before, hidden)), name


def there(state: Any, path: Path) -> bool:
    for step in path:
        if isinstance(step, int):
            if not isinstance(state, list) or step >= len(state):
                return False
        elif not isinstance(state, dict) or step not in state:
            return False
        state = state[step]
    return True


def test_a_long_list_takes_no_longer_than_it_is() -> None:
    before = {"a": [{"b": [{"c": number}]} for number in range(20_000)]}
    after = {"a": [{"b": [{"c": number + 1}]} for number in range(20_000)]}
    assert len(list(differing(("a", "*", "b", "*", "c"), before, after))) == 20_000
