"""Clients of the few services that live runs ask, made without a list of all that there are."""

from __future__ import annotations

from pathlib import Path

import pytest
from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader

from groundplan.clouds.aws.live.cloud import SERVICES
from groundplan.clouds.aws.session import core_session


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


def test_without_credentials_there_is_none() -> None:
    assert core_session(SERVICES) is None


def test_clients_of_the_named_services_need_no_list_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def listed(_loader: Loader, _type: str) -> list[str]:
        raise AssertionError("the folders of all services were read")

    monkeypatch.setattr(Loader, "list_available_services", listed)
    _credentials(monkeypatch)
    session = core_session(SERVICES)
    made = [session.create_client(name, region_name="eu-west-1") for name in SERVICES]
    assert [client.meta.service_model.service_name for client in made] == list(SERVICES)
    assert made[SERVICES.index("s3")].get_paginator("list_objects_v2")
    with pytest.raises(UnknownServiceError):
        session.create_client("ec2", region_name="eu-west-1")


def test_a_profile_counts_as_ever(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "config").write_text("[profile team]\nregion = eu-north-1\n", encoding="utf-8")
    text = "[team]\naws_access_key_id = of-team\naws_secret_access_key = secret\n"
    (tmp_path / "credentials").write_text(text, encoding="utf-8")
    monkeypatch.setenv("AWS_PROFILE", "team")
    assert core_session(SERVICES).get_credentials().access_key == "of-team"
