"""What a reader is fed: any bytes, and valid documents of which a few bytes or a few values are changed."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from hypothesis import strategies as st

TOKENS = (
    *(
        "{",
        "}",
        "[",
        "]",
        '"',
        "'",
        ":",
        ",",
        "\n",
        "\\",
        "#",
        "&a ",
        "*a",
        "<<: ",
        "- ",
        "!!int ",
        "${",
        "%{",
        "<<EOT\n",
    ),
    *(
        "\x00",
        "\x1b[31m",
        "\u2028",
        "\ufeff",
        "\\ud800",
        "\r",
        "\t",
        "9" * 5_000,
        "[" * 2_000,
        "{" * 2_000,
        "NaN",
        "1e999",
    ),
    *("-0", "::error::", "../../etc/passwd", "/dev/zero", "null", "true", "é", "٣", "k" * 5_000),
)
LEAVES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 10**12, 10**30, 10**400, 1.5, -0.0, 1e-30, 1e308, float("inf"), float("nan")),
    *("", "a", "x" * 5_000, "\x00", "\x1b]0;t\x07", "a\n::error::b", "../a", "/proc/self/environ", "٣", "é", "1", "-1"),
    *([], {}, [[]], [None], {"": {}}, {"a": {"a": {"a": {}}}}, [1, "a", None, {}], {"references": ["a.b"]}),
)
Mutation = Callable[[Any, Any, Any], None]


def bytes_like(documents: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """Any bytes, and the documents cut, spliced and sprinkled with what has a meaning in one of the formats."""
    return st.one_of(st.binary(max_size=300), _spliced(documents), st.text(max_size=100).map(_encoded))


@st.composite
def _spliced(draw: st.DrawFn, documents: Sequence[bytes]) -> bytes:
    text = draw(st.sampled_from(documents))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 80)))
        middle = draw(st.binary(max_size=4) | st.sampled_from(TOKENS).map(_encoded))
        text = text[:start] + middle + text[end:]
    return text


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", errors="surrogatepass")


@st.composite
def trees_like(draw: st.DrawFn, documents: Sequence[Any], words: Sequence[str] = ()) -> Any:
    """The documents with one to four of their values replaced, removed, repeated or renamed.

    `words` are keys and texts that mean something to the reader.
    """
    tree = copy.deepcopy(draw(st.sampled_from(documents)))
    for _ in range(draw(st.integers(1, 4))):
        holders = list(_holders(tree))
        if not holders:
            break
        holder = draw(st.sampled_from(holders))
        key = draw(st.sampled_from(list(holder) if isinstance(holder, dict) else range(len(holder))))
        _change(draw, holder, key, words)
    return tree


def _change(draw: st.DrawFn, holder: Any, key: Any, words: Sequence[str]) -> None:
    kind = draw(st.sampled_from(["leaf", "leaf", "word", "remove", "repeat", "rename", "swap"]))
    if kind == "leaf":
        holder[key] = copy.deepcopy(draw(st.sampled_from(LEAVES)))
    elif kind == "word" and words:
        holder[key] = draw(st.sampled_from(words))
    elif kind == "remove":
        del holder[key]
    elif kind == "repeat" and isinstance(holder, list):
        holder += [copy.deepcopy(holder[key])] * draw(st.sampled_from([1, 30]))
    elif kind == "rename" and isinstance(holder, dict):
        holder[draw(st.sampled_from((*words, "", "a", "\x1b", "k" * 500, "é")))] = holder.pop(key)
    elif kind == "swap":
        holder[key] = [holder[key]] if draw(st.booleans()) else {"a": holder[key]}


def _holders(tree: Any) -> Iterator[Any]:
    """Every mapping and list with something in it."""
    if isinstance(tree, dict | list) and tree:
        yield tree
        for value in tree.values() if isinstance(tree, dict) else tree:
            yield from _holders(value)


def as_json(tree: Any) -> bytes:
    """The tree as a text; what JSON has no number for is written as Python does."""
    return _encoded(json.dumps(tree, ensure_ascii=False))
