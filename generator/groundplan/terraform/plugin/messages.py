"""Schemas in the shape of `terraform providers schema -json` as protocol messages."""

from __future__ import annotations

import json
from typing import Any

from groundplan.terraform.archive import ProviderSchemas, Schema
from groundplan.terraform.plugin.protocol import pb

_NESTING = {"single": 1, "list": 2, "set": 3, "map": 4, "group": 5}
_FLAGS = ("required", "optional", "computed", "sensitive", "write_only", "deprecated")


def provider_schema(schemas: ProviderSchemas, *, versions: bool = True) -> Any:
    """The answer to `GetProviderSchema`; without `versions` every type has the first one of its schema.

    Terraform takes no state of a later version than the schema's, and not every archive has versions.
    """
    of_resource = _schema if versions else _unversioned
    return pb.GetProviderSchema.Response(
        provider=_schema(schemas.provider),
        resource_schemas={name: of_resource(schema) for name, schema in schemas.types["resource"].items()},
        data_source_schemas={name: _schema(schema) for name, schema in schemas.types["data"].items()},
        ephemeral_resource_schemas={name: of_resource(schema) for name, schema in schemas.types["ephemeral"].items()},
        server_capabilities=pb.ServerCapabilities(get_provider_schema_optional=True),
    )


def _schema(schema: Schema) -> Any:
    return pb.Schema(version=schema.get("version", 0), block=_block(schema["block"]))


def _unversioned(schema: Schema) -> Any:
    return pb.Schema(block=_block(schema["block"]))


def _block(block: Schema) -> Any:
    return pb.Schema.Block(
        attributes=_attributes(block.get("attributes", {})),
        block_types=[
            pb.Schema.NestedBlock(
                type_name=name,
                block=_block(nested["block"]),
                nesting=_NESTING[nested["nesting_mode"]],
                min_items=nested.get("min_items", 0),
                max_items=nested.get("max_items", 0),
            )
            for name, nested in block.get("block_types", {}).items()
        ],
    )


def _attributes(attributes: Schema) -> list[Any]:
    return [_attribute(name, attribute) for name, attribute in attributes.items()]


def _attribute(name: str, attribute: Schema) -> Any:
    flags = {flag: True for flag in _FLAGS if attribute.get(flag)}
    if "nested_type" not in attribute:
        return pb.Schema.Attribute(name=name, type=json.dumps(attribute["type"]).encode(), **flags)
    nested = attribute["nested_type"]
    return pb.Schema.Attribute(
        name=name,
        nested_type=pb.Schema.Object(
            attributes=_attributes(nested["attributes"]), nesting=_NESTING[nested["nesting_mode"]]
        ),
        **flags,
    )
