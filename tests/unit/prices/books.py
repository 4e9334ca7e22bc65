"""Copies of the embedded tables, to be spoiled."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from groundplan.catalog.catalog import Catalog
from groundplan.clouds import find_cloud
from groundplan.clouds.base import Cloud
from groundplan.prices.book import PriceBook

TABLES = ("instances.csv", "offers.csv", "regions.csv", "kubernetes_versions.csv", "databases.csv", "prices")


def cloud_named(name: str) -> Cloud:
    cloud = find_cloud(name)
    assert cloud is not None
    return cloud


def copied(cloud: Cloud, folder: Path) -> Cloud:
    """The cloud with its tables in `folder`."""
    source = Path(str(cloud.catalog.folder))
    for name in TABLES:
        if (source / name).is_dir():
            shutil.copytree(source / name, folder / name)
        else:
            shutil.copy(source / name, folder / name)
    return replace(cloud, load_catalog=lambda: Catalog(folder), load_prices=lambda: PriceBook(folder / "prices"))


def change(table: Path, row: str, new: str | None) -> int:
    """Replaces the one line that starts with `row`, or drops it; its number."""
    lines = table.read_text().splitlines()
    (index,) = (number for number, line in enumerate(lines) if line.startswith(row))
    lines[index : index + 1] = [] if new is None else [new]
    table.write_text("\n".join(lines) + "\n")
    return index + 1
