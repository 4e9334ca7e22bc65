"""Keys that are there already: whether they are the account's, of the region, and each for one purpose."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from groundplan.components.keys import spec as blocks
from groundplan.components.keys.part import ExistingKeys
from groundplan.diagnostics import Diagnostic
from groundplan.stack.model import Origin
from groundplan.stack.work import Work

Forms = Mapping[str, str]
"""Regular expressions by the example that an id of the form looks like; groups `account` and `region` are compared."""


def resolve_keys(work: Work, forms: Forms, near: Forms) -> ExistingKeys | None:
    """The keys that the spec says are there; None without any. `near` are forms with what to write in their place."""
    said = work.spec.block(blocks.Keys)
    ids = {purpose: block["existing"] for purpose, block in said.model_dump(exclude_none=True).items()} if said else {}
    counts = Counter(ids.values())
    for purpose, id_ in ids.items():
        path = f"keys.{purpose}.existing"
        work.decide(path, id_, Origin.SPEC, "as set in the spec")
        work.diagnostics += [*_wrong(work, path, id_, forms, near), *_stands(work, purpose, path, id_)]
        if counts[id_] > 1:
            message = f"two purposes have the key `{id_}`"
            hint = "a key per purpose is what keeps who reads logs from data: name another one, or leave it to be made"
            work.diagnostics.append(Diagnostic("GP208", message, hint=hint, path=path))
    return ExistingKeys(ids) if ids else None


def _stands(work: Work, purpose: str, path: str, id_: str) -> Iterator[Diagnostic]:
    """That the purpose has another key already: Terraform imports nothing over what it has."""
    had = work.kept.standing(path)
    made = any((one.kind, one.key) == ("key", purpose) for one in work.kept.assets) and work.kept.binding
    if (made or had) and had != id_:
        message = f"the key for {purpose} is {f'`{had}`' if had else 'one of its own'}, and what it encrypts needs it"
        keep = f"keep `{had}`" if had else f"remove `keys.{purpose}`"
        hint = f"{keep}, or render an environment of another name; --forget if it was never applied"
        yield Diagnostic("GP308", message, hint=hint, path=path)


def _wrong(work: Work, path: str, id_: str, forms: Forms, near: Forms) -> Iterator[Diagnostic]:
    """What is wrong with one id: its form, or that it is somewhere else."""
    cloud = work.spec.cloud
    for form, instead in near.items():
        if found := re.fullmatch(form, id_):
            hint = "write " + instead.format(**found.groupdict(), region_here=cloud.region, account_here=cloud.account)
            yield Diagnostic("GP204", f"`{id_}` does not say which key it is", hint=hint, path=path)
            return
    match = next((found for form in forms.values() if (found := re.fullmatch(form, id_))), None)
    if match is None:
        message = f"`{id_}` is no key of {work.cloud.title}"
        yield Diagnostic("GP204", message, hint=f"write {' or '.join(forms)}", path=path)
        return
    for what, here in (("region", cloud.region), ("account", cloud.account)):
        there = match.groupdict().get(what)
        if there not in (None, here):
            message = f"`{id_}` is in the {what} {there}, the environment in {here}"
            yield Diagnostic("GP208", message, hint=f"name a key of {here}, or change `cloud.{what}`", path=path)
