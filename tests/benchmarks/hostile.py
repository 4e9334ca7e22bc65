"""Spec files that are large, deep or wrong throughout: refused by the tests, and in bounded time by `make bench`."""

from __future__ import annotations

import sys

from groundplan.diagnostics import DiagnosticsError
from groundplan.spec.parse import parse
from groundplan.spec.yaml_file import parse_yaml

HOSTILE = {
    "merge keys": "a0: &a0 {x: 1}\n" + "".join(f"a{i}: &a{i} {{<<: *a{i - 1}}}\n" for i in range(1, 3_000)),
    "deep list": "a: " + "[" * 200_000,
    "deep mapping": "a: " + "{a: " * 50_000,
    "deep block": "- " * 100_000,
    "wide list": "a: [" + "1," * 100_000 + "]",
    "flat, then an error": "a: [" + "[]," * 80_000 + "%",
    "the same key": "a: 1\n" * 30_000,
    "unknown keys": "apiVersion: groundplan/v1\n" + "".join(f"key{i}: 1\n" for i in range(9_000)),
    "unknown names": "storage:\n  buckets:\n"
    + "".join(f"    b{i}: 1\n" for i in range(3_000))
    + "training: {pools: {p: {reads: ["
    + ", ".join(f"c{i}" for i in range(3_000))
    + "]}}}\n",
    "a long key": "k" * 200_000 + ": 1\n",
}


def refused(name: str) -> bool:
    """Whether the text of this name is refused with diagnostics."""
    try:
        parse(parse_yaml(HOSTILE[name], name))
    except DiagnosticsError as error:
        return bool(error.diagnostics)
    return False


if __name__ == "__main__":
    sys.exit(not refused(sys.argv[1]))
