"""A user's book as YAML: own prices, negotiated discounts, own regions and offers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from groundplan.catalog.catalog import Offer, Region
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place, bounded, did_you_mean, shortened
from groundplan.prices.book import Payment, PurchaseOption
from groundplan.prices.csv_book import banded
from groundplan.prices.model import (
    LEAST_USD,
    LONGEST_TEXT,
    MOST_TIERS,
    MOST_UNITS,
    MOST_USD,
    Discount,
    Row,
    Spot,
    UserBook,
)
from groundplan.spec.document import Document, Path, Timestamp, dotted
from groundplan.spec.yaml_file import parse_yaml

API_VERSION = "groundplan-prices/v1"
START = f"start with `apiVersion: {API_VERSION}`; docs/price-books.md shows a whole book"


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("is not a number")
    return value


def _day(value: Any) -> Any:
    text = value.text if isinstance(value, Timestamp) else value
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise ValueError("is not a day, such as 2026-11-01") from None


class _TooLittleError(ValueError):
    """A number that is no price; any other ValueError here is about something that is no number."""


def _at_least(value: Decimal) -> Decimal:
    if value < LEAST_USD:
        raise _TooLittleError("is less than a billionth of a dollar")
    return value


Usd = Annotated[
    Decimal, BeforeValidator(_number), Field(gt=0, le=MOST_USD, allow_inf_nan=False), AfterValidator(_at_least)
]
Percent = Annotated[Decimal, BeforeValidator(_number), Field(gt=0, lt=100, decimal_places=4)]
Day = Annotated[date, BeforeValidator(_day)]
Text = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT, strict=True)]
MOST_DISCOUNTS = 200
"""Every price is held against each of them."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TierModel(_Part):
    """One tier of an item."""

    start: Annotated[int, Field(alias="from", ge=0, le=MOST_UNITS, strict=True)]
    usd: Usd


class PriceModel(_Part):
    """One own price."""

    item: Text
    region: Text
    option: PurchaseOption | None = None
    usd: Usd | None = None
    usd_low: Usd | None = None
    usd_high: Usd | None = None
    tiers: Annotated[tuple[TierModel, ...], Field(max_length=MOST_TIERS)] = ()
    payment: Payment | None = None
    upfront_usd: Usd | None = None
    unit: Text | None = None
    as_of: Day | None = None
    source: Text | None = None


class DiscountModel(_Part):
    """One negotiated discount."""

    percent: Percent
    item: Text = "*"
    family: Text | None = None
    region: Text = "*"
    option: Text = "*"
    source: Text | None = None


class RegionModel(_Part):
    """One region that the catalog does not hold."""

    name: Text
    title: Text
    zones: Annotated[tuple[Text, ...], Field(min_length=1, max_length=20)]
    partition: Text | None = None


class OfferModel(_Part):
    """Machine types that a region sells."""

    region: Text
    items: Annotated[tuple[Text, ...], Field(min_length=1)]
    zones: tuple[Text, ...] = ()


class BookModel(_Part):
    """The whole file."""

    api_version: Annotated[Literal["groundplan-prices/v1"], Field(alias="apiVersion")]
    cloud: Text
    currency: Literal["USD"]
    source: Text
    as_of: Day
    discounts: Annotated[tuple[DiscountModel, ...], Field(max_length=MOST_DISCOUNTS)] = ()
    prices: tuple[PriceModel, ...] = ()
    regions: tuple[RegionModel, ...] = ()
    offers: tuple[OfferModel, ...] = ()


def read_yaml(text: str, file: str) -> UserBook:
    """The book in a YAML file; raises DiagnosticsError with everything that is wrong with it, each with its place."""
    document = _document(text, file)
    try:
        model = BookModel.model_validate(document.values)
    except ValidationError as error:
        found = [_problem(one, document) for one in error.errors(include_url=False)]
        raise DiagnosticsError(bounded(sorted({*document.problems, *found}, key=_place))) from None
    problems = list(document.problems)
    rows = tuple(_rows(model, document, problems))
    if problems:
        raise DiagnosticsError(bounded(problems))
    return UserBook(
        file,
        model.cloud,
        tuple(_discounts(model, document)),
        rows,
        dict(_regions(model, document)),
        tuple(_offers(model, document)),
        _spot(document, ("cloud",)),
    )


def _document(text: str, file: str) -> Document:
    if not text.strip():
        raise DiagnosticsError([Diagnostic("GP102", "the file is empty", hint=START, place=Place(file, 1))])
    try:
        return parse_yaml(text, file)
    except DiagnosticsError as error:
        raise DiagnosticsError(
            replace(one, hint=START) if one.code == "GP203" else one for one in error.diagnostics
        ) from None


def _rows(model: BookModel, document: Document, problems: list[Diagnostic]) -> Iterator[Row]:
    for index, price in enumerate(model.prices):
        path: Path = ("prices", index)
        spot = _spot(document, path)
        if bool(price.tiers) and (price.usd, price.usd_low, price.usd_high, price.payment) != (None,) * 4:
            problems.append(spot.problem("GP208", f"`{dotted(path)}` has tiers and another price"))
            continue
        steps: list[tuple[int, Decimal | None]]
        steps = [(tier.start, tier.usd) for tier in price.tiers] or [(0, price.usd)]
        for start, usd in steps:
            try:
                band = banded(price.usd_low, usd, price.usd_high, price.payment, price.upfront_usd, price.option)
            except ValueError as error:
                problems.append(spot.problem("GP208", f"`{dotted(path)}`: {error}"))
                break
            yield Row(
                price.region,
                price.item,
                price.option,
                price.payment,
                price.upfront_usd or Decimal(0),
                *band,
                price.unit,
                start,
                price.as_of or model.as_of,
                _source(price.source or model.source, spot),
                spot,
            )


def _discounts(model: BookModel, document: Document) -> Iterator[Discount]:
    for index, one in enumerate(model.discounts):
        spot = _spot(document, ("discounts", index))
        source = _source(one.source or model.source, spot)
        yield Discount(one.percent, one.item, one.family, one.region, one.option, source, spot)


def _regions(model: BookModel, document: Document) -> Iterator[tuple[str, tuple[Region, Spot]]]:
    for index, one in enumerate(model.regions):
        spot = _spot(document, ("regions", index))
        zones = one.zones
        region = Region(
            one.name, one.title, one.partition or model.cloud, zones, zones, _source(model.source, spot), model.as_of
        )
        yield one.name, (region, spot)


def _offers(model: BookModel, document: Document) -> Iterator[tuple[Offer, Spot]]:
    for index, one in enumerate(model.offers):
        for number, name in enumerate(one.items):
            spot = _spot(document, ("offers", index, "items", number))
            yield Offer(one.region, name, one.zones, _source(model.source, spot), model.as_of), spot


def _source(source: str, spot: Spot) -> str:
    return f"{source} [{spot.place.file}:{spot.place.line}]"


def _spot(document: Document, path: Path) -> Spot:
    entry = document.places[path]
    return Spot(entry.value, document.snippet(entry.value, entry.value_length))


def _problem(error: Any, document: Document) -> Diagnostic:
    """What pydantic found, in the user's words and at the user's place."""
    path: Path = tuple(error["loc"])
    name, kind = shortened(dotted(path)), error["type"]
    if kind == "extra_forbidden":
        allowed = _keys(path[:-1])
        hint = f"{did_you_mean(str(path[-1]), allowed)}\nallowed here: {', '.join(allowed)}".lstrip()
        return document.diagnostic("GP201", f"unknown key `{name}`", path, hint=hint, on_key=True)
    if kind == "missing":
        return document.diagnostic("GP202", f"`{name}` is missing", path, hint=START if len(path) == 1 else None)
    if path == ("currency",):
        return document.diagnostic(
            "GP204", "prices are in US dollars", path, hint="convert them and write `currency: USD`"
        )
    words = error["msg"].removeprefix("Value error, ").removeprefix("Input ")
    wrong_type = kind.endswith(("_type", "_parsing")) or kind == "value_error"
    wrong_type = wrong_type and not isinstance(error.get("ctx", {}).get("error"), _TooLittleError)
    code = "GP203" if wrong_type else "GP204"
    return document.diagnostic(code, f"`{name}` {words[0].lower()}{words[1:]}", path)


def _keys(path: Path) -> list[str]:
    models: dict[str, type[BaseModel]]
    models = {"discounts": DiscountModel, "prices": PriceModel, "regions": RegionModel, "offers": OfferModel}
    model = models.get(str(path[0]), BookModel) if path else BookModel
    if len(path) > 2 and path[2] == "tiers":
        model = TierModel
    return [field.alias or name for name, field in model.model_fields.items()]


def _place(problem: Diagnostic) -> tuple[bool, Place, str]:
    return problem.place is None, problem.place or Place("", 0), problem.message
