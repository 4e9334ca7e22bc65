"""From a resource to the component, the block of the spec that asks for it, and the edits that lead to what happens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from groundplan.change.configured import Configured, Path, meet
from groundplan.change.model import Edit
from groundplan.change.planned import call_of
from groundplan.change.spec_paths import overlap
from groundplan.environment.lock import Call, Lock
from groundplan.hcl.references import Ref
from groundplan.hcl.sources import strip_indexes

_EVERYWHERE = ("name", "cloud", "owner", "labels")
"""Keys at the top of a spec that no component has for itself."""
_WORD = re.compile(r"[a-z0-9]+")
_KEY = re.compile(r'\["([^"]*)"\]')
_CALL_FURTHER = re.compile(r"^module\.([A-Za-z_][\w-]*)")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something comes from; empty where the folder has no lock."""

    component: str = ""
    path: str = ""
    edits: Sequence[Edit] = ()


@dataclass(frozen=True, slots=True)
class Edits:
    """What of the spec is another value now, and which module calls each of them changes."""

    every: Sequence[Edit] = ()
    leading: Mapping[tuple[str, str], Sequence[Edit]] = field(default_factory=dict)
    """By root and address of a module call, the edits that change it by themselves."""
    within: Mapping[tuple[str, str, str], Sequence[Edit]] = field(default_factory=dict)
    """By root, address and a name in its arguments, those that change what stands there."""
    changing: Mapping[tuple[str, str], Sequence[tuple[Path, Edit]]] = field(default_factory=dict)
    """By root and address, the places in its arguments that they change."""
    together: Sequence[Edit] = ()
    """Those that make no sense without others, so that nobody knows what each changes."""
    untouched: frozenset[tuple[str, str]] = frozenset()
    """Root and address of the calls that these do not change, all at once."""

    def together_in(self, root: str, call: str) -> Sequence[Edit]:
        """Those that make no sense alone, as far as they may have changed the call."""
        return () if (root, call) in self.untouched else self.together


@dataclass(frozen=True)
class Attribution:
    """What the two locks and the edits say about the resources of the roots."""

    before: Lock | None
    after: Lock | None
    edits: Edits
    references: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    """By root, the calls that each call takes values of."""
    configured: Mapping[str, Configured] = field(default_factory=dict)
    """By root, what arguments are made of."""

    def call(self, root: str, address: str) -> Call | None:
        """The module call, as the new lock has it, else the old one."""
        name = call_of(address)
        for lock in (self.after, self.before):
            found = lock.calls.get(root, {}).get(name) if lock else None
            if found is not None:
                return found
        return None

    def origin(self, root: str, address: str, arguments: Sequence[str] = ()) -> Origin:
        """Component, path of the block and edits of what happens to a resource by way of these arguments."""
        call = self.call(root, address)
        if call is None:
            return Origin(edits=self._edits_at(_EVERYWHERE))
        words = arguments or [_own_words(address)]
        referring = self._referring(root, address, arguments)
        if referring:
            return Origin(call.component, call.path, referring if arguments else nearest(referring, words))
        return Origin(call.component, call.path, nearest(self._leading(root, address, call, words), words))

    def _leading(self, root: str, address: str, call: Call, words: Sequence[str]) -> Sequence[Edit]:
        """The edits of the nearest calls that have any, its own first, and further ones that speak of the argument.

        Without any, those of blocks above.
        """
        keys = [word for key in _KEY.findall(address) for word in (key, *key.split("/"))]
        own = self._within(root, address, keys)
        if own:
            return own
        if coupled := self._coupled(root, address, call):
            return coupled
        found: list[Edit] = []
        for names in self._around(root, call_of(address)):
            there = [edit for edit in self._edits_of(root, names) if edit not in found]
            found += [edit for edit in there if shared(edit, words)] if found else there
        named = [edit for edit in found if any(names_it(key, edit.path) for key in keys)]
        above = self._edits_at([call.path.partition(".")[0]])
        return named or found or above or self._edits_at(_EVERYWHERE)

    def _coupled(self, root: str, address: str, call: Call) -> Sequence[Edit]:
        """Of a call that comes or goes by no edit alone, those of its component that make sense together only."""
        name = call_of(address)
        both = all(lock is not None and name in lock.calls.get(root, {}) for lock in (self.before, self.after))
        if both or self._edits_of(root, [name]):
            return ()
        return [edit for edit in self._edits_at([call.path.partition(".")[0]]) if edit in self.edits.together]

    def _referring(self, root: str, address: str, arguments: Sequence[str]) -> Sequence[Edit]:
        """The edits of what the arguments are made of: of variables of the module, and of calls that give these.

        Of an instance those alone that change what stands under its key.
        """
        configured, call = self.configured.get(root), call_of(address)
        if configured is None:
            return ()
        variables = configured.variables(address, arguments)
        changing = self.edits.changing.get((root, call), ())
        found = {edit.path for path, edit in changing if any(meet(path, variable) for variable in variables)}
        keys = [word for key in _KEY.findall(address) for word in (key, *key.split("/"))]
        own = self._within(root, address, keys)
        if own:
            joint = self.edits.together_in(root, call)
            found = {edit.path for edit in own if edit.path in found or edit in joint}
        if configured.names_others(address, arguments):
            leading = self.edits.leading.get((root, call), ())
            found |= {edit.path for edit in [edit for edit in leading if shared(edit, arguments)] or leading}
        for name in configured.upstream(address, variables):
            found |= {edit.path for edit in self._edits_of(root, [name]) if shared(edit, arguments)}
        return [edit for edit in self.edits.every if edit.path in found]

    def _within(self, root: str, address: str, keys: Sequence[str]) -> Sequence[Edit]:
        """The edits that change what stands under a key of the instance; those that name it, if any do."""
        places = [(root, call_of(address), key) for key in keys]
        own = next((self.edits.within[place] for place in places if place in self.edits.within), ())
        joint = self.edits.together_in(root, call_of(address))
        candidates = [edit for edit in self.edits.every if edit in own or edit in joint]
        return [edit for edit in candidates if any(names_it(key, edit.path) for key in keys)] or own

    def _edits_of(self, root: str, names: Sequence[str]) -> Sequence[Edit]:
        """The edits that change these calls; where none does by itself, those of their blocks."""
        leading = {edit.path for name in names for edit in self.edits.leading.get((root, name), ())}
        there = self._edits_at([found.path for name in names if (found := self.call(root, name))])
        if not leading:
            return there
        joint = [edit for name in names for edit in self.edits.together_in(root, name)]
        leading |= {edit.path for edit in there if edit in joint}
        return [edit for edit in self.edits.every if edit.path in leading]

    def _around(self, root: str, call: str) -> Iterable[Sequence[str]]:
        """The call, those of the same root that it takes values of, those that they do, and so on."""
        known, front = {call}, {call}
        references = self.references.get(root, {})
        while front:
            yield sorted(front)
            front = {other for name in front for other in references.get(name, ())} - known
            known |= front

    def _edits_at(self, paths: Iterable[str]) -> Sequence[Edit]:
        """Edits of these blocks: of the block itself, within it, or of one that it went or came with."""
        wanted = tuple(paths)
        return [edit for edit in self.edits.every if any(overlap(edit.path, path) for path in wanted)]


def nearest(edits: Sequence[Edit], arguments: Sequence[str]) -> Sequence[Edit]:
    """Of several edits those that share most words with the arguments that they lead to; all where none shares any."""
    counted = [(edit, shared(edit, arguments)) for edit in edits]
    most = max((count for _, count in counted), default=0)
    return [edit for edit, count in counted if count == most]


def shared(edit: Edit, arguments: Sequence[str]) -> int:
    """How many words the key of an edit has in common with the arguments; a plural is its singular."""
    return len(_words(edit.path.rpartition(".")[2]) & _words(" ".join(arguments)))


def _words(text: str) -> set[str]:
    return {word.rstrip("s") for word in _WORD.findall(text)}


def _own_words(address: str) -> str:
    """What a resource is called, without its provider: `eip nat`."""
    type_, _, name = ".".join(strip_indexes(address).split(".")[-2:]).partition(".")
    return f"{type_.partition('_')[2]} {name}"


def names_it(word: str, path: str) -> bool:
    """Whether part of a key of `for_each` is a name in the path, which may stand behind what it is a part of."""
    block, *names = path.split(".")
    return any(word in (name, f"{block}-{name}") for name in names[1:])


def references_of(plan: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """By address of a module call, those whose values its arguments take."""
    calls = plan.get("configuration", {}).get("root_module", {}).get("module_calls", {})
    return {Ref(name).address: _named_in(call.get("expressions")) for name, call in calls.items()}


def _named_in(expressions: Any) -> frozenset[str]:
    """The calls that expressions refer to, however deep they are nested."""
    found, front = set(), [expressions]
    while front:
        value = front.pop()
        if isinstance(value, str):
            found |= {Ref(name).address for name in _CALL_FURTHER.findall(value)}
        elif isinstance(value, dict | list):
            front.extend(value.values() if isinstance(value, dict) else value)
    return frozenset(found)
