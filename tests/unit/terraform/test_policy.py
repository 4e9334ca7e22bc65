from __future__ import annotations

import json

from groundplan.terraform.plugin.policy import policy_json


def document(**config: object) -> dict[str, object]:
    found: dict[str, object] = json.loads(policy_json(config)[1])
    return found


def test_an_empty_document_has_a_version_only() -> None:
    assert policy_json({}) == ('{\n  "Version": "2012-10-17"\n}', '{"Version":"2012-10-17"}')


def test_keys_order_and_single_values() -> None:
    statement = {
        "sid": "Read",
        "actions": ["s3:GetObject", "s3:PutObject"],
        "resources": ["arn:aws:s3:::b/&{aws:username}"],
        "condition": [
            {"test": "StringEquals", "variable": "b", "values": ["x"]},
            {"test": "StringEquals", "variable": "a", "values": ["2", "1"]},
            {"test": "Bool", "variable": "c", "values": ["false"]},
        ],
    }
    minified = policy_json({"statement": [statement], "policy_id": "p"})[1]
    assert minified == (
        '{"Version":"2012-10-17","Id":"p","Statement":[{"Sid":"Read","Effect":"Allow",'
        '"Action":["s3:PutObject","s3:GetObject"],"Resource":"arn:aws:s3:::b/${aws:username}",'
        '"Condition":{"Bool":{"c":"false"},"StringEquals":{"a":["2","1"],"b":"x"}}}]}'
    )


def test_principals() -> None:
    def principal(*pairs: tuple[str, list[str]]) -> object:
        blocks = [{"type": kind, "identifiers": names} for kind, names in pairs]
        statements = document(statement=[{"effect": "Deny", "principals": blocks}])["Statement"]
        assert isinstance(statements, list)
        return statements[0]["Principal"]

    assert principal(("*", ["*"])) == "*"
    assert principal(("AWS", ["*"])) == {"AWS": "*"}
    assert principal(("Service", ["a", "b"]), ("AWS", ["1"])) == {"AWS": "1", "Service": ["b", "a"]}
    assert principal(("AWS", ["1"]), ("AWS", ["2"])) == {"AWS": ["1", "2"]}


def test_sources_come_first_and_overrides_replace_by_sid() -> None:
    def source(sid: str, action: str) -> str:
        return json.dumps({"Version": "2008-10-17", "Statement": [{"Sid": sid, "Effect": "Allow", "Action": action}]})

    found = document(
        source_policy_documents=[source("a", "one"), source("b", "two")],
        statement=[{"sid": "b", "actions": ["three"]}, {"actions": ["four"]}],
        override_policy_documents=[source("a", "five")],
    )
    statements = found["Statement"]
    assert isinstance(statements, list)
    assert [(s.get("Sid"), s["Action"]) for s in statements] == [("a", "five"), ("b", "three"), (None, "four")]
    assert found["Version"] == "2012-10-17"


def test_parsed_conditions_and_principals_are_normalised() -> None:
    text = json.dumps(
        {
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": "*",
                    "Action": ["z", "a"],
                    "Condition": {"Bool": {"aws:SecureTransport": False}, "StringLike": {"x": ["1", "2"]}},
                }
            ]
        }
    )
    (statement,) = document(source_policy_documents=[text])["Statement"]  # type: ignore[misc]
    assert statement["Principal"] == "*" and statement["Action"] == ["z", "a"]
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}, "StringLike": {"x": ["1", "2"]}}


def test_characters_go_escapes() -> None:
    assert "\\u003c\\u0026\\u003e" in policy_json({"statement": [{"actions": ["<&>"]}]})[0]
