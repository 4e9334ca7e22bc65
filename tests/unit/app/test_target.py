"""Where a spec is put: the one way for every command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from groundplan.app.target import OWN, AmbiguousTargetError, Location, Target, one_region_each, own_cloud, retarget
from groundplan.clouds import CLOUDS, find_cloud
from groundplan.diagnostics import DiagnosticsError
from groundplan.spec.document import Document
from groundplan.spec.load import load

ALL = [cloud for name in CLOUDS if (cloud := find_cloud(name))]
HOME = {"provider": "aws", "region": "us-west-2", "account": "111122223333"}


def document(**values: Any) -> Document:
    text = yaml.safe_dump({"name": "test", **values})
    return load(Path("spec.yaml"), read=lambda _: text.encode())


def cloud_of(target: Target) -> object:
    return retarget(document(cloud=HOME), target).values["cloud"]


def test_its_own_location_changes_nothing() -> None:
    spec = document(cloud=HOME)
    assert retarget(spec, OWN) is spec
    assert not OWN


def test_on_another_cloud_it_takes_the_nearest_region_and_an_example_account() -> None:
    assert cloud_of(Target("gcp")) == {"provider": "gcp", "region": "us-west1", "account": "example-project"}
    assert cloud_of(Target("gcp", "us-east4")) == {
        "provider": "gcp",
        "region": "us-east4",
        "account": "example-project",
    }


def test_on_its_own_cloud_it_keeps_what_is_not_set() -> None:
    assert cloud_of(Target("aws", "eu-west-1")) == {**HOME, "region": "eu-west-1"}
    assert cloud_of(Location("aws", "eu-west-1", "AWS", "Ireland").target) == {**HOME, "region": "eu-west-1"}


def test_what_is_set_has_no_place_in_the_file() -> None:
    moved = retarget(document(cloud=HOME), Target(region="eu-west-1"))
    assert ("cloud", "region") not in moved.places
    assert ("cloud", "account") in moved.places


def test_without_a_cloud_of_its_own_everything_has_to_be_said() -> None:
    with pytest.raises(DiagnosticsError) as raised:
        retarget(document(), Target(region="eu-west-1"))
    assert raised.value.diagnostics[0].hint == "give --account as well"
    assert own_cloud(document(cloud="aws")) is None
    spec = document(cloud="aws")
    assert retarget(spec, Target(region="eu-west-1")) is spec


def test_one_region_of_each_cloud() -> None:
    assert one_region_each(ALL, ("eu-west-1", "us-east4", "eu-west-1")) == {"aws": "eu-west-1", "gcp": "us-east4"}
    with pytest.raises(AmbiguousTargetError, match=r"AWS got eu-west-1, us-east-1"):
        one_region_each(ALL, ("eu-west-1", "us-east-1"))
    with pytest.raises(DiagnosticsError) as raised:
        one_region_each(ALL, ("mars",))
    assert raised.value.diagnostics[0].code == "GP305"
