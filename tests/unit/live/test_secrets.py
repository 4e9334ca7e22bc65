"""What a run must not show."""

from __future__ import annotations

from groundplan.live.secrets import Secrets

KEY = "-----BEGIN RSA PRIVATE KEY-----\nabc\ndef\n-----END RSA PRIVATE KEY-----"


def test_credentials_of_the_environment() -> None:
    secrets = Secrets({"AWS_SECRET_ACCESS_KEY": "plain words here", "AWS_REGION": "eu-west-1"})
    assert secrets.hide("got plain words here in eu-west-1") == "got ******** in eu-west-1"


def test_a_path_to_credentials_is_none() -> None:
    secrets = Secrets({"GOOGLE_APPLICATION_CREDENTIALS": "/home/me/key.json"})
    assert secrets.hide("cannot read /home/me/key.json") == "cannot read /home/me/key.json"


def test_what_terraform_marks() -> None:
    secrets = Secrets({})
    secrets.learn_outputs(
        {"a": {"sensitive": True, "value": ["swordfish"]}, "b": {"sensitive": False, "value": "public"}}
    )
    after = {"name": "visible", "settings": [{"value": "hidden-one"}], "all": {"x": "hidden-two"}}
    marks = {"settings": [{"value": True}], "all": True}
    secrets.learn_plan({"resource_changes": [{"change": {"after": after, "after_sensitive": marks}}]})
    assert secrets.hide("swordfish public visible hidden-one hidden-two") == "******** public visible ******** ********"


def test_the_longer_one_goes_first() -> None:
    secrets = Secrets({"A_TOKEN": "abcdef", "B_TOKEN": "abcdefghij"})
    assert secrets.hide("abcdefghij") == "********"


def test_keys_whole() -> None:
    assert Secrets({}).hide(f"wrote {KEY} to it") == "wrote ******** to it"


def test_a_hostile_plan_teaches_nothing() -> None:
    secrets = Secrets({})
    for wrong in ({}, {"resource_changes": 1}, {"resource_changes": [1, {"change": 1}], "output_changes": []}):
        secrets.learn_plan(wrong)
    assert secrets.hide("text") == "text"
