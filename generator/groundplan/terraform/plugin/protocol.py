"""The messages of plugin protocol 6, and handlers for its services.

The generated modules come with `pyvider` and `pyvider-rpcplugin`. Importing those packages takes 0.8 s, so the three
`_pb2` modules are loaded from their files; handlers are derived from the service descriptors in them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import grpc
from google.protobuf.message_factory import GetMessageClass

_PROTOCOL = "protocols/tfprotov6/protobuf/tfplugin6_pb2.py"
_CONTROLLER = "rpcplugin/protocol/grpc_controller_pb2.py"
_STDIO = "rpcplugin/protocol/grpc_stdio_pb2.py"


def _load(file: str) -> ModuleType:
    package = find_spec("pyvider")
    for folder in (package.submodule_search_locations if package else None) or ():
        path = Path(folder) / file
        if path.is_file():
            name = f"groundplan_{path.stem}"
            spec = spec_from_file_location(name, path)
            if spec is not None and spec.loader is not None:
                module = module_from_spec(spec)
                sys.modules[name] = module
                spec.loader.exec_module(module)
                return module
    raise ModuleNotFoundError(f"pyvider/{file} is not installed (packages pyvider and pyvider-rpcplugin)")


pb: Any = _load(_PROTOCOL)
controller: Any = _load(_CONTROLLER)
stdio: Any = _load(_STDIO)

Method = Callable[[Any], Any]
"""Takes a request message, gives the response message."""


def handlers(module: ModuleType, service: str, methods: Mapping[str, Method]) -> Any:
    """gRPC handlers for the named methods of a service; a method that is not given answers UNIMPLEMENTED.

    A method that streams its answer gives an iterable of messages.
    """
    descriptor = module.DESCRIPTOR.services_by_name[service]
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
