"""What a runner's machine does when it starts, with made-up commands: the order, who sees the token, how it ends."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from groundplan.paths import MODULES

TOKEN, REGISTRATION = "ghp_of_a_person", "AABBregistration"
SAYS = """#!/bin/bash
printf '%s' "$(basename "$0")" >> "$LOG"; printf ' %q' "$@" >> "$LOG"; echo >> "$LOG"
"""
FAKES = {
    "curl": f"""
case "$*" in
  *releases/download*) : ;;
  *metadata.google.internal*) echo '{{"access_token": "ya29.machine"}}' ;;
  *secretmanager*) grep -q ya29.machine - && echo '{{"payload": {{"data": "'"$(printf {TOKEN} | base64)"'"}}}}' ;;
  *registration-token*) [ -z "$BROKEN" ] && grep -q {TOKEN} - && echo '{{"token": "{REGISTRATION}"}}' ;;
esac
""",
    "aws": f"printf {TOKEN}",
    "sha256sum": 'cat >> "$LOG"; [ -z "$TAMPERED" ]',
    "runuser": '[ -z "$ACTIONS_RUNNER_INPUT_TOKEN" ] || echo "input $ACTIONS_RUNNER_INPUT_TOKEN" >> "$LOG"',
    **dict.fromkeys(("useradd", "iptables", "snap", "install", "tar", "chown", "shutdown", "sleep"), ""),
}
VALUES = {
    "secret": "SECRET",
    "region": "us-east-1",
    "prefix": "demo-runner",
    "url": "https://github.com/acme",
    "token_from": "https://api.github.com/orgs/acme/actions/runners/registration-token",
    "labels": "self-hosted,vpc",
    "release.version": "2.0.0",
    "release.sha256": "0" * 64,
    "group": "fraud",
}


def started(cloud: str, folder: Path, **environment: str) -> list[str]:
    """The commands that the script of the cloud runs, one a line."""
    text = (MODULES / cloud / "runner/runner.sh.tftpl").read_text(encoding="utf-8")
    text = re.sub(r"%\{ if group != \"\" \}(.*?)%\{ endif \}", r"\1", text)
    text = re.sub(r"\$\{([a-z0-9_.]+)\}", lambda found: VALUES[found[1]], text)
    home, bin_ = folder / "home", folder / "bin"
    (home / "agent").mkdir(parents=True)
    bin_.mkdir()
    for name, body in FAKES.items():
        (bin_ / name).write_text(SAYS + body, encoding="utf-8")
        (bin_ / name).chmod(0o755)
    script, log = folder / "script", folder / "log"
    script.write_text(text.replace("/srv/runner", str(home)), encoding="utf-8")
    given = {"PATH": f"{bin_}:{os.defpath}", "LOG": str(log), "BROKEN": "", "TAMPERED": "", **environment}
    subprocess.run(["bash", str(script)], env=given, check=False, capture_output=True)
    return log.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_a_machine_registers_for_one_job_and_ends(cloud: str, tmp_path: Path) -> None:
    lines = started(cloud, tmp_path)
    [config] = [line for line in lines if "./config.sh" in line]
    assert "--ephemeral" in config
    assert "--labels self-hosted\\,vpc" in config
    assert "--runnergroup fraud" in config
    assert f"input {REGISTRATION}" in lines
    assert lines[-3:] == ["shutdown -c", "runuser --user runner -- ./run.sh", "shutdown --poweroff now"]
    assert lines[0] == "shutdown --poweroff +15", "before anything can hang"


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_a_name_is_one_that_github_takes(cloud: str, tmp_path: Path) -> None:
    """At most 64 characters, https://github.com/actions/runner/pull/1710; the modules take names of up to 40."""
    [config] = [line for line in started(cloud, tmp_path) if "./config.sh" in line]
    name = re.search(r"--name (\S+)", config)
    assert name and re.fullmatch(r"demo-runner-[0-9a-f]{12}", name[1])
    assert len(name[1]) - len("demo") + 40 <= 64


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_the_token_is_nobodys_argument_and_the_jobs_least_of_all(cloud: str, tmp_path: Path) -> None:
    lines = started(cloud, tmp_path)
    assert not [line for line in lines if TOKEN in line]
    assert [line for line in lines if REGISTRATION in line] == [f"input {REGISTRATION}"]
    assert lines.index(f"input {REGISTRATION}") < lines.index("runuser --user runner -- ./run.sh")


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_jobs_have_no_way_to_the_machines_identity(cloud: str, tmp_path: Path) -> None:
    lines = started(cloud, tmp_path)
    [wall] = [line for line in lines if line.startswith("iptables")]
    assert "169.254.169.254" in wall
    assert "--uid-owner root --jump REJECT" in wall
    assert lines.index(wall) < min(index for index, line in enumerate(lines) if line.startswith("runuser"))


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
@pytest.mark.parametrize("wrong", ["BROKEN", "TAMPERED"])
def test_whatever_is_wrong_ends_the_machine_before_a_job(cloud: str, wrong: str, tmp_path: Path) -> None:
    lines = started(cloud, tmp_path, **{wrong: "yes"})
    assert not [line for line in lines if line.startswith("runuser")]
    assert lines[-2:] == ["sleep 60", "shutdown --poweroff now"]
