"""Whatever the bytes, reading a spec ends in a `Spec` or in a `DiagnosticsError` that can be shown."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundplan.diagnostics import DiagnosticsError
from groundplan.spec.load import load
from groundplan.spec.parse import parse
from groundplan.views.diagnostics import render_diagnostics, to_json

pytestmark = pytest.mark.slow

FULL = (Path(__file__).resolve().parents[2] / "specs/valid/full.yaml").read_text()
KEYS = sorted({word.strip(":") for word in FULL.split() if word.endswith(":")})

steady = settings(max_examples=200, suppress_health_check=list(HealthCheck))


def survives(data: bytes) -> None:
    try:
        parse(load(Path("spec.yaml"), read=lambda _: data))
    except DiagnosticsError as error:
        assert error.diagnostics
        text = render_diagnostics(error.diagnostics, color=False)
        assert all(found.place is not None for found in error.diagnostics)
        assert "\x1b" not in text
        assert all("pydantic" not in str(to_json(found)) for found in error.diagnostics)


@steady
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    survives(data)


@steady
@given(st.text(alphabet="ab:-[]{}&*!|>'\"%@`#,?~<\\ \n\t0123.é\u2028\ufeff", max_size=80))
def test_yaml_like_text(text: str) -> None:
    survives(text.encode())


@steady
@given(st.data())
def test_spliced_spec(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(FULL)))
    end = data.draw(st.integers(start, min(len(FULL), start + 200)))
    middle = data.draw(
        st.text(max_size=20) | st.sampled_from([":", "\n", "- ", "&a ", "*a", "<<: ", "!!int ", "{", "\t"])
    )
    survives((FULL[:start] + middle + FULL[end:]).encode("utf-8", errors="surrogatepass"))


scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10) | st.sampled_from(KEYS) | st.dates()
)
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | scalars, inner, max_size=5),
    max_leaves=15,
)


@steady
@given(st.dictionaries(st.sampled_from(KEYS), trees, max_size=8))
def test_any_values_under_known_keys(values: dict[str, object]) -> None:
    survives(yaml.safe_dump(values, allow_unicode=True).encode("utf-8", errors="replace"))
