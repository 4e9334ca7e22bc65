"""Module calls held to the modules: arguments to declared variables, references to declared outputs.

Terraform would find most of this later, and drops an undeclared attribute of an object without a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from groundplan.components.base import ModuleCall
from groundplan.diagnostics import did_you_mean
from groundplan.hcl.interface import OUTPUTS, VARIABLES, Interface, read_interface
from groundplan.hcl.references import Key, Ref, Step, references
from groundplan.hcl.types import ANYTHING, PRIMITIVES, Anything, Collection, Object, Primitive, Type
from groundplan.hcl.write import Term, Value


class CompositionError(Exception):
    """Module calls that do not fit their modules: a mistake in a component, whatever the spec says."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def check_calls(calls: Sequence[ModuleCall], modules: Path) -> None:
    """Hold the calls of one root to the modules below `modules`; raises `CompositionError` with all that is wrong."""
    root = _Root(calls, modules)
    problems = [f"{call.component}: {call.address}: {words}" for call in calls for words in root.problems(call)]
    if problems:
        raise CompositionError(problems)


class _Root:
    def __init__(self, calls: Sequence[ModuleCall], modules: Path) -> None:
        self._calls = calls
        self._interfaces = {call.name: _interface(call, modules) for call in calls}

    def problems(self, call: ModuleCall) -> Iterator[str]:
        interface = self._interfaces[call.name]
        if interface is None:
            yield f"{call.source} is no module: it has no {VARIABLES} or no {OUTPUTS}"
            return
        if sum(other.name == call.name for other in self._calls) > 1:
            yield "another call has the same name"
        yield from _names("argument", call.arguments, interface.variables)
        for name, variable in interface.variables.items():
            if variable.required and name not in call.arguments:
                yield f"argument `{name}` is missing, and {call.source} has no default for it"
            elif variable.required and not variable.nullable and call.arguments[name] is None:
                yield f"argument `{name}` is null, and {call.source} takes no null for it"
        for name, value in call.arguments.items():
            declared = interface.variables.get(name)
            yield from self._value(value, declared.type if declared else ANYTHING, name)
        for output in call.outputs:
            yield from self._value(output.value, ANYTHING, f"output {output.name}")
        for reference in references(call.depends_on):
            yield from self._type(reference, "depends_on")[1]

    def _value(self, value: Value, wanted: Type, at: str) -> Iterator[str]:
        match value:
            case Ref():
                found, problems = self._type(value, at)
                if not value.path:
                    problems = [f"`{at}` refers to `{value.text}`, but a call is no value: name an output"]
                yield from problems or _misfits(found, wanted, at, value)
            case Term():
                for reference in references(value):
                    yield from self._type(reference, at)[1]
            case Mapping():
                yield from self._entries(value, wanted, at)
            case str() | bool() | None:
                yield from _primitive(value, wanted, at)
            case Sequence():
                if isinstance(wanted, Primitive | Object) or (isinstance(wanted, Collection) and wanted.kind == "map"):
                    yield f"`{at}` is a list, {_a(wanted)} is declared"
                element = wanted.element if isinstance(wanted, Collection) else ANYTHING
                for number, item in enumerate(value):
                    yield from self._value(item, element, f"{at}[{number}]")
            case _:
                yield from _primitive(value, wanted, at)

    def _entries(self, value: Mapping[str, Value], wanted: Type, at: str) -> Iterator[str]:
        if isinstance(wanted, Primitive) or (isinstance(wanted, Collection) and wanted.kind != "map"):
            yield f"`{at}` is an object, {_a(wanted)} is declared"
        if isinstance(wanted, Object):
            yield from _names("attribute", (f"{at}.{name}" for name in value), [f"{at}.{n}" for n in wanted.attributes])
            for name, attribute in wanted.attributes.items():
                if attribute.required and name not in value:
                    yield f"attribute `{at}.{name}` is missing, and is not optional"
        for name, item in value.items():
            yield from self._value(item, _inside(wanted, name), f"{at}.{name}")

    def _type(self, reference: Ref, at: str) -> tuple[Type, list[str]]:
        """The type of what is referred to, and what is wrong with the reference."""
        where = f"`{at}` refers to `{reference.text}`, but "
        if reference.call not in self._interfaces:
            near = _did_you_mean(reference.call, self._interfaces)
            return ANYTHING, [f"{where}this root has no call `{reference.call}`{near}"]
        interface = self._interfaces[reference.call]
        if interface is None or not reference.path:
            return ANYTHING, []
        output, *rest = reference.path
        if output not in interface.outputs:
            near = _did_you_mean(str(output), interface.outputs)
            return ANYTHING, [f"{where}that module has no output `{output}`{near}"]
        found = interface.outputs[str(output)].type
        for step in rest:
            inner = _step(found, step)
            if inner is None:
                near = _did_you_mean(str(step), found.attributes if isinstance(found, Object) else ())
                return ANYTHING, [f"{where}there is no `{_name(step)}` in it{near}"]
            found = inner
        return found, []


def _interface(call: ModuleCall, modules: Path) -> Interface | None:
    try:
        return read_interface(modules / call.source)
    except FileNotFoundError:
        return None


def _step(found: Type, step: Step) -> Type | None:
    """The type of what is at `step` in a value of a type; None if that cannot be."""
    match found:
        case Anything():
            return ANYTHING
        case Object():
            attribute = found.attributes.get(_name(step))
            return attribute.type if attribute else None
        case Collection():
            return found.element if isinstance(step, int) == (found.kind == "list") else None
        case Primitive():
            return None


def _misfits(found: Type, wanted: Type, at: str, reference: Ref) -> Iterator[str]:
    """What a value of the type `found` lacks; that it has more is fine, and what is unknown may fit."""
    match found, wanted:
        case (Object(), Object()):
            for name, attribute in wanted.attributes.items():
                inner = found.attributes.get(name)
                if inner:
                    yield from _misfits(inner.type, attribute.type, f"{at}.{name}", reference)
                elif attribute.required:
                    yield f"attribute `{at}.{name}` is missing in `{reference.text}`, and is not optional"
        case (Collection(), Collection()) if (found.kind == "map") == (wanted.kind == "map"):
            yield from _misfits(found.element, wanted.element, at, reference)
        case (Anything(), _) | (_, Anything()) | (Primitive(), Primitive()):
            return
        case (Collection(kind="map"), Object()) | (Object(), Collection(kind="map")):
            return
        case _:
            yield f"`{at}` is {_a(found)} in `{reference.text}`, {_a(wanted)} is declared"


def _primitive(value: Value, wanted: Type, at: str) -> Iterator[str]:
    """A value of another type than declared; Terraform would turn some into the other, and say nothing."""
    if value is None or isinstance(wanted, Anything):
        return
    found = PRIMITIVES["string" if isinstance(value, str) else "bool" if isinstance(value, bool) else "number"]
    if wanted != found:
        yield f"`{at}` is {_a(found)}, {_a(wanted)} is declared"


def _inside(wanted: Type, name: str) -> Type:
    match wanted:
        case Object() if name in wanted.attributes:
            return wanted.attributes[name].type
        case Collection():
            return wanted.element
        case _:
            return ANYTHING


def _names(kind: str, given: Iterable[str], declared: Iterable[str]) -> Iterator[str]:
    known = list(declared)
    for name in given:
        if name not in known:
            yield f"{kind} `{name}` is not declared{_did_you_mean(name, known)}"


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    near = did_you_mean(name, known)
    return f"; {near}" if near else ""


def _name(step: Step) -> str:
    return step.name if isinstance(step, Key) else str(step)


def _a(type_: Type) -> str:
    match type_:
        case Primitive():
            return f"a {type_.name}"
        case Collection():
            return f"a {type_.kind}"
        case Object():
            return "an object"
        case Anything():
            return "anything"
