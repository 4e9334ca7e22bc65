"""Expressions that refer to something."""

from __future__ import annotations

import pytest

from groundplan.hcl.references import AttributeByName, Data, Key, Ref, Template, Var, references
from groundplan.hcl.write import Expression, Term, hcl

BUCKETS = Ref("object_store", "object_store", "buckets")


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (Ref("cluster"), "module.cluster"),
        (Ref("cluster", "cluster").at("name"), "module.cluster.cluster.name"),
        (BUCKETS.at(Key('a-"b'), "id"), 'module.object_store.object_store.buckets["a-\\"b"].id'),
        (Ref("a", "b", 0), "module.a.b[0]"),
        (Var("name"), "var.name"),
        (Data("aws_eks_cluster", "this", "vpc_config", 0, "vpc_id"), "data.aws_eks_cluster.this.vpc_config[0].vpc_id"),
        (Template(Var("name"), "-${x}", Ref("a", "b")), '"${var.name}-$${x}${module.a.b}"'),
        (
            AttributeByName(BUCKETS, "bucket", "name"),
            "{ for name, bucket in module.object_store.object_store.buckets : name => bucket.name }",
        ),
    ],
)
def test_text(term: Term, text: str) -> None:
    assert term.text == hcl(term) == text


def test_an_address_is_that_of_the_call() -> None:
    assert BUCKETS.address == "module.object_store"


def test_references_are_found_wherever_they_are() -> None:
    value = {
        "plain": ["module.a.b", 1, None, True, Expression("string"), Var("name")],
        "nested": [{"a": Ref("a", "x")}, [Template("b", Ref("b", "x"))]],
        "each": AttributeByName(Ref("c", "x"), "it", "id"),
    }
    assert [reference.call for reference in references(value)] == ["a", "b", "c"]
