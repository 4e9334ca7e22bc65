"""A spec with all its bases merged in, as one file that stands alone."""

from __future__ import annotations

import yaml

from groundplan.spec.document import Document


def flatten(document: Document) -> str:
    """YAML with the document's values in their order and a comment naming the files they came from."""
    names = ", ".join(name.rpartition("/")[2] for name in document.sources)
    body = yaml.safe_dump(document.values, sort_keys=False, allow_unicode=True, width=120)
    return f"# Merged from {names}: make changes there.\n{body}"
