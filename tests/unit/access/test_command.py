"""The command on small folders of Terraform."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from groundplan.app import access
from groundplan.cli import run
from tests.conftest import Golden

MAIN = """
terraform {
  required_version = ">= 1.11"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

provider "aws" {
  region = "us-east-1"
}

resource "aws_iam_role" "job" {
  name = "job"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "pods.eks.amazonaws.com" }
    }]
  })
}

resource "aws_kms_key" "data" {
  enable_key_rotation = true
}

resource "aws_s3_bucket" "data" {
  bucket = "acme-data"
}

resource "aws_iam_role_policy" "own" {
  role = aws_iam_role.job.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ReadData"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "${aws_s3_bucket.data.arn}/*"
      },
      {
        Sid      = "NoSecrets"
        Effect   = "Deny"
        Action   = "secretsmanager:*"
        Resource = "*"
      },
    ]
  })
}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("access")
    (made / "main.tf").write_text(MAIN, encoding="utf-8")
    return made


def told(capsys: pytest.CaptureFixture[str], folder: Path, *arguments: str) -> tuple[int, str]:
    code = run(["access", str(folder), *arguments])
    return code, capsys.readouterr().out.replace(str(folder), "DIR")


@pytest.mark.slow
def test_a_folder(folder: Path, capsys: pytest.CaptureFixture[str], golden: Golden) -> None:
    code, out = told(capsys, folder, "--as", "role:job")
    assert code == 0
    golden(Path(__file__).parent / "golden" / "role.txt", out)


@pytest.mark.slow
def test_one_question(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = told(
        capsys, folder, "--as", "role:job", "--can", "s3:GetObject", "bucket:acme-data", "--format", "json"
    )
    [subject] = json.loads(out)["subjects"]
    [reply] = subject["replies"]
    found: dict[str, Any] = {key: reply[key] for key in ("verdict", "statement", "place")}
    line = MAIN.splitlines().index('        Sid      = "ReadData"') + 1
    assert (code, found) == (0, {"verdict": "allowed", "statement": "ReadData", "place": f"DIR/main.tf:{line}"})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--as", "pr"), "pr is nobody in this environment"),
        (("--as", "role:jop"), "role:jop is nobody in this environment"),
        (("--as", "role:job", "--can", "read", "*"), "read is no name of an action on any cloud"),
        (("--as", "role:job", "--can", "s3:GetObject", "bucket:other"), "nothing in the environment is called"),
    ],
)
def test_what_is_not_there(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    assert run(["access", str(folder), *arguments]) == 2
    assert message in capsys.readouterr().err


BINDINGS = """
terraform {
  required_version = ">= 1.11"
  required_providers {
    aws        = { source = "hashicorp/aws" }
    google     = { source = "hashicorp/google" }
    kubernetes = { source = "hashicorp/kubernetes" }
  }
}

provider "aws" {
  region = "us-east-1"
}

provider "google" {
  project = "acme"
}

resource "google_service_account" "job" {
  account_id = "job-one"
}

resource "aws_iam_role" "dev" {
  name = "dev"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "pods.eks.amazonaws.com" }
    }]
  })
}

resource "aws_eks_access_entry" "dev" {
  cluster_name  = "x"
  principal_arn = aws_iam_role.dev.arn
}

resource "kubernetes_cluster_role_v1" "reads" {
  metadata {
    generate_name = "reads-"
  }
  rule {
    api_groups = [""]
    resources  = ["secrets"]
    verbs      = ["get"]
  }
}

resource "kubernetes_cluster_role_v1" "writes" {
  metadata {
    generate_name = "writes-"
  }
  rule {
    api_groups = [""]
    resources  = ["pods"]
    verbs      = ["create"]
  }
}

resource "kubernetes_cluster_role_binding_v1" "reads" {
  metadata {
    name = "reads"
  }
  role_ref {
    kind      = "ClusterRole"
    name      = kubernetes_cluster_role_v1.reads.metadata[0].name
    api_group = "rbac.authorization.k8s.io"
  }
  subject {
    kind = "User"
    name = google_service_account.job.email
  }
  subject {
    kind = "User"
    name = "arn:aws:sts::123456789012:assumed-role/dev/alice"
  }
}
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("who", "can", "verdict"),
    [
        ("account:job-one", ("k8s:get", "secrets"), "allowed"),
        ("account:job-one", ("k8s:create", "pods"), "not granted"),
        ("role:dev", ("k8s:get", "secrets"), "depends"),
        ("role:dev", ("k8s:create", "pods"), "not granted"),
    ],
)
def test_names_that_only_an_apply_knows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], who: str, can: tuple[str, str], verdict: str
) -> None:
    (tmp_path / "main.tf").write_text(BINDINGS, encoding="utf-8")
    code, out = told(capsys, tmp_path, "--as", who, "--can", *can, "--format", "json")
    [subject] = json.loads(out)["subjects"]
    assert (code, [one["verdict"] for one in subject["replies"]]) == (0, [verdict])


@pytest.mark.parametrize(
    ("can", "hint"),
    [
        (("nonsense", "*"), "such as s3:GetObject (read objects)"),
        (("red objects", "*"), "did you mean `read objects`?"),
        (("s3:GetObjct", "*"), "did you mean `s3:GetObject`?"),
        (("s3:GetObject", "bukket:data"), "did you mean `bucket:`?"),
    ],
)
def test_a_question_that_means_nothing_is_refused_before_anything_is_planned(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    can: tuple[str, str],
    hint: str,
) -> None:
    monkeypatch.setattr(access, "_applied", lambda *_: pytest.fail("planned"))
    assert run(["access", str(folder), "--can", *can]) == 2
    assert hint in capsys.readouterr().err


def test_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["access", str(tmp_path / "none")]) == 2
    assert run(["access", str(tmp_path)]) == 2
    assert "no Terraform root" in capsys.readouterr().err
