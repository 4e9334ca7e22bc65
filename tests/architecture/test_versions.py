"""One oldest Terraform for modules, roots and documents."""

from __future__ import annotations

import re

from groundplan.hcl.versions import TERRAFORM_FLOOR, TERRAFORM_VERSIONS
from tests.architecture.sources import REPOSITORY, texts

REQUIRED = re.compile(r'^\s*required_version\s*=\s*"([^"]*)"', re.MULTILINE)
ROOT = re.compile(r"/\d\d-\w+/[^/]+\.tf\Z")
SAID = re.compile(r"(?:Terraform|OpenTofu|`terraform`|`tofu`)[^.]{0,30}?(?:\(|\bfrom )(1\.\d+)", re.DOTALL)
"""A version that something can be used from, as a document says it."""
LICENSED = "1.6"
"""From here on Terraform has another licence: not a version that is required."""


def test_modules_and_roots_require_one_version() -> None:
    required = {
        path.relative_to(REPOSITORY).as_posix(): set(REQUIRED.findall(text))
        for path, text in texts(".tf")
        if path.name == "versions.tf"
    }
    roots = {name for name in required if ROOT.search(f"/{name}")}
    modules = required.keys() - roots
    assert len(roots) >= 9 and len(modules) >= 39
    assert not {name for name in roots if required[name] != {TERRAFORM_VERSIONS}}
    assert not {name for name in modules if required[name] != {f">= {TERRAFORM_FLOOR}"}}


def test_documents_say_that_version() -> None:
    said = {
        (path.relative_to(REPOSITORY).as_posix(), version)
        for path, text in texts(".md")
        for version in SAID.findall(text)
        if version != LICENSED
    }
    documents = {name for name, version in said if version == TERRAFORM_FLOOR}
    assert {"modules/README.md", "docs/offline-terraform.md"} <= documents
    assert not {(name, version) for name, version in said if version != TERRAFORM_FLOOR}
