"""Small environments: two roots, a module, a spec and its lock."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from groundplan.environment.files import is_sealed

VERSIONS = """\
terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "6.69.1"
    }
  }

  backend "local" {
    path = "terraform.tfstate"
  }
}

provider "aws" {
  region = "us-east-1"
}
"""

BUCKETS = """\
variable "buckets" {
  type = map(object({ versioning = bool }))
}

resource "aws_s3_bucket" "this" {
  #checkov:skip=CKV_AWS_144:one region is enough for data that can be downloaded again
  #checkov:skip=CKV_AWS_18
  for_each = var.buckets

  bucket = "x-${each.key}"
}
"""

SPEC = """\
apiVersion: groundplan/v1
name: demo
storage:
  buckets:
    data: {size_gib: 10}
"""

FILES = {
    "10-foundation/versions.tf": VERSIONS,
    "10-foundation/main.tf": """\
module "buckets" {
  source = "../modules/aws/object_store"

  buckets = {
    data = { versioning = true }
    logs = { versioning = false }
  }
}
""",
    "20-platform/versions.tf": VERSIONS,
    "20-platform/main.tf": """\
resource "aws_sns_topic" "alerts" {
  name = "alerts"
}
""",
    "modules/aws/object_store/main.tf": BUCKETS,
}


def digest(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def lock(files: dict[str, str]) -> str:
    sealed = [name for name, text in files.items() if is_sealed(text)]
    call = {"component": "object_store", "path": "storage.buckets", "file": "groundplan.yaml", "line": 4, "column": 3}
    return json.dumps(
        {
            "format_version": "1",
            "groundplan": "0.1.0",
            "spec": {"file": "groundplan.yaml", "sources": [{"file": "groundplan.yaml", "sha256": digest(SPEC)}]},
            "cloud": {"provider": "aws", "region": "us-east-1"},
            "calls": {"10-foundation": {"module.buckets": call}, "20-platform": {}},
            "decisions": [],
            "modules": {},
            "sealed": sealed,
            "files": {name: digest(text) for name, text in files.items() if name not in sealed},
        }
    )
