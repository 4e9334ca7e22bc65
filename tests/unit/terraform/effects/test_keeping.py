"""Blocks that a configuration leaves out and that stay all the same."""

from __future__ import annotations

from typing import Any

from groundplan.terraform.effects import effects, keep_blocks
from groundplan.terraform.effects.keeping import CLEARED


def kept(patterns: set[str], prior: Any, proposed: Any, how: str = "as_it_is") -> Any:
    keep_blocks({tuple(pattern.split(".")): how for pattern in patterns}, prior, proposed)
    return proposed


def test_a_block_left_out_stays() -> None:
    assert kept({"a"}, {"a": [{"b": 1}], "c": []}, {"a": [], "c": []}) == {"a": [{"b": 1}], "c": []}
    assert kept({"a"}, {"a": {"b": 1}}, {"a": None}) == {"a": {"b": 1}}


def test_a_block_that_stays_without_its_arguments() -> None:
    prior = {"a": [{"b": 1, "c": [{"d": 1}]}]}
    assert kept({"a"}, prior, {"a": []}, CLEARED) == {"a": [{"b": None, "c": []}]}
    assert effects().kept("aws_ecr_repository")[("encryption_configuration",)] == CLEARED


def test_what_is_put_back_is_not_shared() -> None:
    prior = {"a": [{"b": 1}]}
    kept({"a"}, prior, {"a": []})["a"][0]["b"] = 2
    assert prior == {"a": [{"b": 1}]}


def test_a_block_that_is_there_is_the_one_of_the_configuration() -> None:
    assert kept({"a"}, {"a": [{"b": 1}]}, {"a": [{"b": None}]}) == {"a": [{"b": None}]}


def test_blocks_in_blocks_stay_too() -> None:
    prior = {"a": [{"b": [{"c": 1}], "d": 1}]}
    assert kept({"a.*.b"}, prior, {"a": [{"b": [], "d": 2}]}) == {"a": [{"b": [{"c": 1}], "d": 2}]}
    assert kept({"a.*.b"}, prior, {"a": []}) == {"a": []}
    assert kept({"a.*.b", "a"}, prior, {"a": []}) == prior


def test_states_of_another_shape_are_left_alone() -> None:
    for odd in (None, 7, "text", [], [{}]):
        assert kept({"a.*.b"}, odd, {"a": []}) == {"a": []}
        assert kept({"a.*.b"}, {"a": odd}, {"a": [{"b": []}]}) == {"a": [{"b": []}]}


def test_what_the_provider_keeps() -> None:
    assert ("master_authorized_networks_config",) in effects().kept("google_container_cluster")
    assert ("access_config",) in effects().kept("aws_eks_cluster")
    assert effects().kept("aws_vpc") == {}
