"""Message classes from definitions: what goes over the wire is what the protocol says."""

from __future__ import annotations

import pytest

from groundplan.terraform.plugin.definition import read
from groundplan.terraform.plugin.protocol import pb, plugin

HEAD = 'syntax = "proto3"; package shop; '


def test_bytes_are_those_of_the_encoding() -> None:
    """Field number and wire type, length, content: https://protobuf.dev/programming-guides/encoding/."""
    assert pb.DynamicValue(msgpack=b"ab").SerializeToString() == b"\x0a\x02ab"
    assert pb.Diagnostic(severity=pb.Diagnostic.ERROR, summary="s").SerializeToString() == b"\x08\x01\x12\x01s"
    schemas = pb.GetProviderSchema.Response(resource_schemas={"a": pb.Schema(version=3)})
    assert schemas.SerializeToString() == b"\x12\x07\x0a\x01a\x12\x02\x08\x03"
    names = pb.GetMetadata.Response(resources=[pb.GetMetadata.Type(type_name="a"), pb.GetMetadata.Type(type_name="b")])
    assert names.SerializeToString() == b"\x22\x03\x0a\x01a\x22\x03\x0a\x01b"


def test_what_is_not_in_the_definition_is_passed_over() -> None:
    request = pb.ConfigureProvider.Request.FromString(b"\x0a\x051.2.3\x12\x03\x0a\x01x")
    assert request.config.msgpack == b"x"


def test_services_have_the_names_terraform_calls() -> None:
    services = {**pb.DESCRIPTOR.services_by_name, **plugin.DESCRIPTOR.services_by_name}
    names = {service.full_name: [method.name for method in service.methods] for service in services.values()}
    assert names["plugin.GRPCController"] == ["Shutdown"]
    assert names["plugin.GRPCStdio"] == ["StreamStdio"]
    assert "PlanResourceChange" in names["tfplugin6.Provider"]
    assert services["GRPCStdio"].methods_by_name["StreamStdio"].server_streaming


def test_names_are_found_from_the_inside_out() -> None:
    layer = "message Layer { Kind kind = 1; shop.Cake on = 2; }"
    cake = f"message Cake {{ enum Kind {{ NONE = 0; NUT = 1; }} {layer} Layer top = 1; }}"
    shop = read(HEAD + cake)
    whole = shop.Cake(top=shop.Cake.Layer(kind=shop.Cake.NUT, on=shop.Cake()))
    assert whole.SerializeToString() == b"\x0a\x04\x08\x01\x12\x00"


def test_what_is_there_of_a_choice_is_sent_though_it_is_zero() -> None:
    assert pb.AttributePath.Step(element_key_int=0).SerializeToString() == b"\x18\x00"
    assert pb.AttributePath.Step(attribute_name="a", element_key_int=0).SerializeToString() == b"\x18\x00"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (HEAD + "import", "`import`"),
        (HEAD + "message Cake { optional int64 layers = 1; }", "`layers`"),
        (HEAD + "message Cake { int64 layers = 1", "``"),
        (HEAD + "message Cake { int64 layers = one; }", "one"),
        (HEAD + "service Shop { option x = 1; }", "`option`"),
        (HEAD + "message Cake { int64 layers = 1 [deprecated = true]; }", r"`\[`"),
    ],
)
def test_what_is_not_understood_is_an_error(text: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        read(text)
