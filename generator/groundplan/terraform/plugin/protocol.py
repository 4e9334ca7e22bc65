"""The messages of plugin protocol 6, and handlers for its services, from the definitions beside this file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import grpc
from google.protobuf.message_factory import GetMessageClass

from groundplan.terraform.plugin.definition import load

pb: Any = load("tfplugin6")
plugin: Any = load("plugin")

Method = Callable[[Any], Any]
"""Takes a request message, gives the response message."""


def handlers(definition: Any, service: str, methods: Mapping[str, Method]) -> Any:
    """gRPC handlers for the named methods of a service; a method that is not given answers UNIMPLEMENTED.

    A method that streams its answer gives an iterable of messages.
    """
    descriptor = definition.DESCRIPTOR.services_by_name[service]
    table = {}
    for name, method in methods.items():
        called = descriptor.methods_by_name[name]
        wrap = grpc.unary_stream_rpc_method_handler if called.server_streaming else grpc.unary_unary_rpc_method_handler
        table[name] = wrap(
            _without_context(method),
            request_deserializer=GetMessageClass(called.input_type).FromString,
            response_serializer=GetMessageClass(called.output_type).SerializeToString,
        )
    return grpc.method_handlers_generic_handler(descriptor.full_name, table)


def _without_context(method: Method) -> Callable[[Any, Any], Any]:
    return lambda request, _context: method(request)
