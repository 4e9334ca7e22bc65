"""Price files of AWS's bulk API, row by row: for services with many products, or products of no one region.

https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-the-aws-price-list-bulk-api.html
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from groundplan.clouds.aws.refresh.clients import CONNECT_SECONDS, PRICE_LIST_REGION, READ_SECONDS, Client, ask
from groundplan.clouds.aws.refresh.products import Product, Term, rate_of
from groundplan.prices.fresh import RefusedError
from groundplan.reading import MIB

HOST = ".amazonaws.com"
ATTEMPTS = 3
CHUNK_BYTES = 65536
OK = 200
MOST_LINES = 20_000_000
"""Ten times the longest file, that of Amazon EC2."""
MOST_LINE_BYTES = MIB
"""A thousand times the longest line of a file."""
MOST_LINES_BEFORE = 50
"""Lines about the file before that with its columns."""
AGAIN = "the download broke off; repeat the command"


def price_file(
    client: Client, service: str, region: str, now: datetime, meant: Callable[[Product], bool]
) -> Iterator[Product]:
    """The products of the current price file of a service and region that are meant; nothing where there is no file."""
    url = _url(client, service, region, now)
    for attempt in range(1, ATTEMPTS + 1):
        if url is None:
            return
        try:
            yield from list(products_in(lines(url), meant))
        except (OSError, csv.Error, UnicodeDecodeError) as error:
            if attempt == ATTEMPTS:
                raise RefusedError(f"{urlsplit(url).path}: {error}", AGAIN, passing=True) from None
        else:
            return


def _url(client: Client, service: str, region: str, now: datetime) -> str | None:
    pricing = client("pricing", PRICE_LIST_REGION)

    def listed() -> Iterator[Any]:
        answer = pricing.list_price_lists(ServiceCode=service, EffectiveDate=now, RegionCode=region, CurrencyCode="USD")
        yield from answer["PriceLists"]

    arn = next((one["PriceListArn"] for one in ask("pricing:ListPriceLists", listed)), None)
    if arn is None:
        return None

    def located() -> Iterator[str]:
        yield pricing.get_price_list_file_url(PriceListArn=arn, FileFormat="csv")["Url"]

    (url,) = ask("pricing:GetPriceListFileUrl", located)
    parts = urlsplit(url)
    if parts.scheme != "https" or not (parts.hostname or "").endswith(HOST):
        raise RefusedError("the address of the price file is none of AWS", "check the endpoint of the Price List")
    return url


def lines(url: str) -> Iterator[str]:
    """The lines of a file; raises OSError where it ends before its end, or is not to be had."""
    from botocore.awsrequest import AWSRequest
    from botocore.exceptions import HTTPClientError
    from botocore.httpsession import URLLib3Session
    from botocore.utils import get_environ_proxies
    from urllib3.exceptions import HTTPError

    request = AWSRequest("GET", url, stream_output=True).prepare()
    session = URLLib3Session(proxies=get_environ_proxies(url), timeout=(CONNECT_SECONDS, READ_SECONDS))
    try:
        response = session.send(request)
        if response.status_code != OK:
            raise OSError(f"the answer is {response.status_code}")
        yield from lines_of(response.raw.stream(CHUNK_BYTES))
    except (HTTPClientError, HTTPError) as error:
        raise OSError(str(error)) from None
    finally:
        session.close()


def lines_of(chunks: Iterable[bytes]) -> Iterator[str]:
    """The lines of a text in pieces; raises OSError for one of more than `MOST_LINE_BYTES`."""
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        if len(rest) > MOST_LINE_BYTES:
            raise OSError("a line does not end")
        yield from (line.decode() for line in whole)
    if rest:
        yield rest.decode()


def products_in(text: Iterable[str], meant: Callable[[Product], bool]) -> Iterator[Product]:
    """The products of a price file with their rates on demand in US dollars."""
    rows = csv.reader(text, strict=True)
    columns = _columns(rows)
    found: dict[str, Product] = {}
    for count, row in enumerate(rows):
        if count > MOST_LINES:
            raise OSError("the file does not end")
        cells = dict(zip(columns, row, strict=False))
        if cells.get("termType") != "OnDemand":
            continue
        sku = cells.get("sku", "")
        product = found.get(sku) or Product(sku, cells.get("productFamily", ""), cells)
        if sku in found or meant(product):
            found[sku] = _with_rate(product, cells)
    yield from found.values()


def _columns(rows: Iterator[list[str]]) -> list[str]:
    """The names of the columns, as GetProducts calls the same attributes."""
    for count, row in enumerate(rows):
        if row and row[0] == "SKU":
            return [_attribute(name) for name in row]
        if count > MOST_LINES_BEFORE:
            break
    raise OSError("it has no columns")


def _attribute(name: str) -> str:
    if name.lower() in ("sku", "usagetype"):
        return name.lower()
    joined = name.replace(" ", "")
    return joined[:1].lower() + joined[1:]


def _with_rate(product: Product, cells: Mapping[str, str]) -> Product:
    amounts = {cells.get("currency", ""): cells.get("pricePerUnit", "")}
    rate = rate_of(cells.get("unit", ""), cells.get("startingRange", "0"), amounts)
    day = cells.get("effectiveDate", "")
    others = tuple(term for term in product.on_demand if term.effective != day)
    same = next((term.rates for term in product.on_demand if term.effective == day), ())
    return replace(product, on_demand=(*others, Term(day, {}, (*same, rate))))
