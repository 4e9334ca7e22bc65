"""docs/usage-files.md: what a usage file may say, and the attributes that are billed, out of the clouds' tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from groundplan.clouds.billed import BilledAttribute
from groundplan.clouds.usage_keys import UsageKey
from groundplan.cost.plan import billing_clouds
from groundplan.markdown import Markdown, code, table

_HEAD = """\
# Usage files

`pytest tests/unit/cost --update-golden` makes this page from the tables of the clouds.

A plan says what is there, not how much it is used. `groundplan cost --plan plan.json --usage usage.yml` takes the rest
from a file, in the form and with the names of
[Infracost's usage file](https://www.infracost.io/docs/features/usage_based_resources/);
`groundplan cost --plan plan.json --usage-template > usage.yml` writes one with the keys that the plan's bill needs.

```yaml
version: 0.1
resource_type_default_usage:         # for every resource of a type that says nothing else
  aws_nat_gateway:
    monthly_data_processed_gb: 100
resource_usage:                      # by address; [*] stands for any index
  module.network[*].aws_nat_gateway.this[*]:
    monthly_data_processed_gb: 500
  module.network["prod"].aws_nat_gateway.this[0]:
    monthly_data_processed_gb: [500, 2000, 10000]    # low, expected, high
```

Of several entries the nearest counts, key by key: the address itself, then the one with the fewest `[*]`, then the
type. A number is at least 0 and at most 10^12; a key without a value says nothing. What is wrong with the file stops
the command (GP711). A key that is not read here, an address that the plan has not and a number without effect are
warnings (GP712), so that a file for other tools can be used: the usage stays "not stated". The reader is that of specs:
no tags, no keys given twice, aliases bounded.
"""
_BILLED = """
## Attributes that are billed

An attribute below that is set to something that costs, and that the rule of its type has not counted, makes the total
"at least": it is listed as "attribute not counted". Absent, false, empty and zero cost nothing; so do the values in the
third column, and where the fourth has any, only those cost.
"""


def reference() -> str:
    """The page: how a file is written, its keys, and the billed attributes."""
    text = _HEAD
    for cloud, prices in billing_clouds():
        if rows := list(_keys(prices.usage_keys)):
            text += f"\n## Keys for {cloud.title}\n\n{table(('type', 'key', 'unit', 'what it says'), rows)}"
    text += _BILLED
    for cloud, prices in billing_clouds():
        if rows := list(_attributes(prices.billed)):
            columns = ("attribute", "billed as", "free", "costs only", "source")
            text += f"\n### {cloud.title}\n\n{table(columns, rows)}"
    return text


def _keys(keys: Mapping[str, Mapping[str, UsageKey]]) -> Iterator[tuple[str, ...]]:
    for type_ in sorted(keys):
        for key in keys[type_].values():
            yield code(type_), code(key.name), key.unit, key.says


def _attributes(billed: Mapping[str, tuple[BilledAttribute, ...]]) -> Iterator[tuple[str, ...]]:
    for type_ in sorted(billed):
        for one in billed[type_]:
            values = (", ".join(map(code, conditions)) for conditions in (one.free, one.costs))
            yield code(f"{type_}.{one.name}"), one.billed_as, *map(Markdown, values), one.source
