"""Protocol Buffers definitions to message classes, without a compiler.

Code that `protoc` generates runs with the protobuf releases of its own time; descriptors made from the definition run
with all of them. Reads what the definitions in this folder use of proto3: messages, enums, maps, `oneof` and services.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from types import SimpleNamespace
from typing import Any

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
)
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

_TOKEN = re.compile(r'//.*|\s+|([\w.]+|"[^"]*"|[{}()<>=;,])|(.)')
_SCALARS = ("bool", "bytes", "int64", "string")


def load(name: str) -> Any:
    """The message classes of a definition in this package by their names, and its file descriptor as `DESCRIPTOR`."""
    return read(files("groundplan.terraform.plugin").joinpath(f"{name}.proto").read_text("utf-8"))


def read(text: str) -> Any:
    """The same from the text of a definition; raises `ValueError` for what it does not understand."""
    proto = _Reader(text).file()
    pool = DescriptorPool()
    pool.AddSerializedFile(proto.SerializeToString())
    descriptor: Any = pool.FindFileByName(proto.name)
    classes = {message: GetMessageClass(each) for message, each in descriptor.message_types_by_name.items()}
    return SimpleNamespace(DESCRIPTOR=descriptor, **classes)


class _Reader:
    """Reads one definition from its first token to its last."""

    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)

    def file(self) -> FileDescriptorProto:
        file = FileDescriptorProto(name="definition.proto")
        for word in self.tokens:
            if word == "syntax":
                self.expect("=")
                file.syntax = self.take().strip('"')
                self.expect(";")
            elif word == "package":
                file.package = self.take()
                self.expect(";")
            elif word == "message":
                self.message(file.message_type.add(name=self.take()))
            elif word == "service":
                self.service(file.service.add(name=self.take()))
            else:
                raise ValueError(f"`{word}` not expected")
        return file

    def message(self, message: DescriptorProto) -> None:
        self.expect("{")
        while (word := self.take()) != "}":
            if word == "message":
                self.message(message.nested_type.add(name=self.take()))
            elif word == "enum":
                self.enum(message.enum_type.add(name=self.take()))
            elif word == "map":
                self.map(message)
            elif word == "oneof":
                self.oneof(message)
            else:
                repeated = word == "repeated"
                self.field(message, self.take() if repeated else word, repeated=repeated)

    def enum(self, enum: EnumDescriptorProto) -> None:
        self.expect("{")
        while (word := self.take()) != "}":
            enum.value.add(name=word, number=self.number())

    def field(self, message: DescriptorProto, kind: str, *, repeated: bool = False) -> None:
        _add_field(message, self.take(), self.number(), kind, repeated=repeated)

    def map(self, message: DescriptorProto) -> None:
        """A map is a list of entries, each a message of its own (https://protobuf.dev/programming-guides/proto3/#maps)."""
        self.expect("<")
        key = self.take()
        self.expect(",")
        value = self.take()
        self.expect(">")
        name = self.take()
        entry = message.nested_type.add(name="".join(part.title() for part in name.split("_")) + "Entry")
        entry.options.map_entry = True
        _add_field(entry, "key", 1, key)
        _add_field(entry, "value", 2, value)
        _add_field(message, name, self.number(), entry.name, repeated=True)

    def oneof(self, message: DescriptorProto) -> None:
        """Fields of which one is there, and is sent even where its value is that of one that is not there."""
        index = len(message.oneof_decl)
        message.oneof_decl.add(name=self.take())
        self.expect("{")
        while (word := self.take()) != "}":
            self.field(message, word)
            message.field[-1].oneof_index = index

    def service(self, service: Any) -> None:
        self.expect("{")
        while (word := self.take()) != "}":
            if word != "rpc":
                raise ValueError(f"`{word}` where `rpc` is expected")
            method = service.method.add(name=self.take())
            self.expect("(")
            method.input_type = self.take()
            self.expect(")")
            self.expect("returns")
            self.expect("(")
            answer = self.take()
            method.server_streaming = answer == "stream"
            method.output_type = self.take() if method.server_streaming else answer
            self.expect(")")
            self.expect(";")

    def number(self) -> int:
        self.expect("=")
        number = int(self.take())
        self.expect(";")
        return number

    def take(self) -> str:
        return next(self.tokens, "")

    def expect(self, token: str) -> None:
        if (word := self.take()) != token:
            raise ValueError(f"`{word}` where `{token}` is expected")


def _add_field(message: DescriptorProto, name: str, number: int, kind: str, *, repeated: bool = False) -> None:
    label = FieldDescriptorProto.LABEL_REPEATED if repeated else FieldDescriptorProto.LABEL_OPTIONAL
    field = message.field.add(name=name, number=number, label=label)
    if kind in _SCALARS:
        field.type = FieldDescriptorProto.Type.Value(f"TYPE_{kind.upper()}")
    else:
        field.type_name = kind  # message or enum: the pool finds out, as it finds the scope of the name


def _tokens(text: str) -> Iterator[str]:
    for match in _TOKEN.finditer(text):
        token, odd = match.groups()
        if odd:
            raise ValueError(f"`{odd}` not expected")
        if token:
            yield token
