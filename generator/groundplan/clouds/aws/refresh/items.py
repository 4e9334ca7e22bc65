"""Everything of the price book that is no machine, as the table says where it is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from groundplan.clouds.aws.refresh.clients import Client
from groundplan.clouds.aws.refresh.files import price_file
from groundplan.clouds.aws.refresh.machines import SOURCE
from groundplan.clouds.aws.refresh.products import Product, Rate, products
from groundplan.clouds.aws.refresh.table import Place, places
from groundplan.prices.fresh import Answer, FreshPrice, Question, Unmapped, Wanted

ENGINE = "databaseEngine"
"""What there are too many products of in a family to ask for all of them."""
STEP = re.compile(r"from (\d+)")
"""A part that is a tier: the quantity that it begins at."""
Tiers = tuple[tuple[int, Decimal], ...]
Found = tuple[Place, str, Product]
"""A product that is an item, or part of it."""


def item_questions(client: Client, wanted: Wanted, region: str) -> list[Question]:
    """What the items of one region cost: a question for each product family, or price file, that has any."""
    families: dict[tuple[str, ...], list[Place]] = defaultdict(list)
    files: dict[str, list[Place]] = defaultdict(list)
    for place in places():
        if any(place.fits(item) for item in wanted.items):
            if place.read == "file":
                files[place.service].append(place)
            else:
                engines = place.where.get(ENGINE, ())
                families[place.service, place.family, *(engines if len(engines) == 1 else ())].append(place)
    return [
        *(_question(client, wanted, region, group) for _, group in sorted(families.items())),
        *(_file_question(client, wanted, region, service, group) for service, group in sorted(files.items())),
    ]


def _question(client: Client, wanted: Wanted, region: str, group: Sequence[Place]) -> Question:
    service, family, common = group[0].service, group[0].family, _common(group)
    filters = {"regionCode": region, **({"productFamily": family} if family else {}), **common}

    def found() -> Iterator[Product]:
        return products(client, service, filters)

    name = family or ", ".join(sorted(place.item for place in group))
    engine = f" of {common[ENGINE]}" if ENGINE in common else ""
    return _asked(f"Price List of {service}, {name}{engine} in {region}", wanted, region, group, found)


def _file_question(client: Client, wanted: Wanted, region: str, service: str, group: Sequence[Place]) -> Question:
    def found() -> Iterator[Product]:
        return price_file(client, service, region, wanted.now, lambda product: _is_any(product, group))

    return _asked(f"price file of {service} in {region}", wanted, region, group, found)


def _asked(
    title: str, wanted: Wanted, region: str, group: Sequence[Place], found: Callable[[], Iterable[Product]]
) -> Question:
    items = frozenset(item for item in wanted.items if any(place.fits(item) for place in group))

    def answer() -> Answer:
        return _answer(found(), group, items, region, wanted)

    return Question(title, region, frozenset({"items"}), answer, items)


def _common(group: Sequence[Place]) -> dict[str, str]:
    """What all of them are, so that nothing else needs to be answered."""
    pairs = [{(name, *values) for name, values in place.where.items() if len(values) == 1} for place in group]
    shared = set.intersection(*pairs)
    return {pair[0]: pair[1] for pair in sorted(shared)}


def _is_any(product: Product, group: Sequence[Place]) -> bool:
    return any(place.item_of(product) is not None for place in group)


def _answer(
    found: Iterable[Product], group: Sequence[Place], items: frozenset[str], region: str, wanted: Wanted
) -> Answer:
    prices: list[FreshPrice] = []
    unmapped: list[Unmapped] = []
    parts: dict[str, dict[str, dict[str, Tiers]]] = defaultdict(lambda: defaultdict(dict))
    for product in found:
        for place in group:
            item = place.item_of(product)
            if item not in items or not _is_of(product, region):
                continue
            tiers = _tiers(product.rates(wanted.now), place)
            if isinstance(tiers, str):
                unmapped.append(Unmapped(item, tiers, region))
            elif place.part:
                parts[item][place.part][product.sku] = tiers
            else:
                prices += _prices(item, region, wanted.units[item], tiers, product.sku)
    for item, by_part in parts.items():
        if {place.part for place in group if place.fits(item)} == by_part.keys():
            prices += _joined(item, region, wanted.units[item], by_part)
    stated = {price.item for price in prices}
    return Answer(tuple(prices), tuple(one for one in unmapped if one.item not in stated))


def _is_of(product: Product, region: str) -> bool:
    """Whether it is sold in the region: price files of one have products of others."""
    return all(product.attributes.get(name) in (None, "", region) for name in ("regionCode", "fromRegionCode"))


def _tiers(rates: Sequence[Rate], place: Place) -> Tiers | str:
    """The tiers that cost anything, in the item's unit; in words, why there are none.

    No price here counts free amounts: where the first tier is free, the next begins at 0.
    """
    counted = [rate for rate in rates if rate.unit.lower() in place.units]
    if not counted:
        units = ", ".join(sorted({rate.unit for rate in rates})) or "nothing"
        return f"the Price List counts it in {units}, not in {place.units[0]}"
    if any(rate.usd is None for rate in counted):
        return "the Price List has no price in US dollars of it"
    paid = sorted((rate.begin, rate.usd) for rate in counted if rate.usd)
    if not paid:
        return "the Price List has it for nothing"
    return tuple((int(start * place.per) if index else 0, usd / place.per) for index, (start, usd) in enumerate(paid))


def _prices(item: str, region: str, unit: str, tiers: Tiers, sku: str) -> Iterator[FreshPrice]:
    for start, usd in tiers:
        yield FreshPrice(region, item, "list", unit, SOURCE, usd, tier_from=start, sku=sku)


def _joined(item: str, region: str, unit: str, parts: dict[str, dict[str, Tiers]]) -> Iterator[FreshPrice]:
    """The price of a thing that the list has in parts: tiers, each a product of its own, or what adds up."""
    starts = [STEP.fullmatch(part) for part in parts]
    if not all(starts):
        yield from _sums(item, region, unit, parts)
    for start, by_sku in zip(starts, parts.values(), strict=True):
        for tiers in by_sku.values() if start else ():
            yield FreshPrice(region, item, "list", unit, SOURCE, tiers[0][1], tier_from=int(start[1] if start else 0))


def _sums(item: str, region: str, unit: str, parts: dict[str, dict[str, Tiers]]) -> Iterator[FreshPrice]:
    """The sum of the parts, for each choice of the products that these may be."""
    sums: dict[str, Decimal] = {"": Decimal(0)}
    for by_sku in parts.values():
        sums = {
            f"{name} + {sku}".removeprefix(" + "): usd + tiers[0][1]
            for name, usd in sums.items()
            for sku, tiers in by_sku.items()
        }
    for name, usd in sums.items():
        yield FreshPrice(region, item, "list", unit, SOURCE, usd, sku=name)
