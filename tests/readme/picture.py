"""The comment on a pull request as a browser shows it: `make picture` writes docs/images/comment.png.

The steps that write it are those of the job `gate`, on the example that the README changes; the looks are our own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from markdown_it import MarkdownIt
from playwright.sync_api import sync_playwright

from groundplan.app.comment import comment_body
from groundplan.live.forges.github import Github
from groundplan.render.pipelines.jobs import COMMENT, jobs
from groundplan.render.pipelines.model import Given
from groundplan.render.pipelines.text import shell
from tests.architecture.sources import REPOSITORY
from tests.readme.test_readme import edited
from tests.services.chromium import chromium
from tests.unit.render.pipelines.repository import commit, git

PICTURE = REPOSITORY / "docs" / "images" / "comment.png"
WIDTH, HEIGHT = 900, 772
STYLE = """
body { margin: 0; padding: 16px; background: #fff; color: #222; font: 14px/1.5 "DejaVu Sans", sans-serif; }
article { border: 1px solid #bbb; border-radius: 8px; overflow: hidden; }
header { padding: 8px 16px; background: #eef2f6; border-bottom: 1px solid #bbb; }
main { padding: 0 16px 16px; }
h2 { font-size: 20px; border-bottom: 1px solid #ddd; margin: 12px 0; padding-bottom: 4px; }
h3 { font-size: 16px; margin: 16px 0 8px; }
p, ul, table, details { margin: 8px 0; }
table { border-collapse: collapse; font-size: 13px; }
th, td { border: 1px solid #ccc; padding: 4px 10px; }
code { background: #eee; border-radius: 4px; padding: 1px 4px; font: 12px "DejaVu Sans Mono", monospace; }
"""


def body(folder: Path) -> str:
    """What `groundplan comment` posts for the README's change, made by the steps of the job before it."""
    _run("init demo --blueprint gpu-training --cloud aws", folder)
    _run("render demo/groundplan.yaml -o demo", folder)
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder)
    spec = folder / "demo" / "groundplan.yaml"
    spec.write_text(edited(spec.read_text(encoding="utf-8")), encoding="utf-8")
    given = {Given.FOLDER: "demo", Given.SPEC: "demo/groundplan.yaml", Given.BASE: "main"}
    gate = next(job for job in jobs("sarif") if job.name == "gate")
    for call in gate.calls:
        _run(shell(call, given).removeprefix("groundplan "), folder)
    return comment_body("demo", [folder / name for name in COMMENT], Github.longest)


def _run(line: str, folder: Path) -> None:
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))
    subprocess.run(["sh", "-c", f"groundplan {line}"], cwd=folder, env={**os.environ, "PATH": path}, check=False)


def page(markdown: str) -> str:
    """The body between a heading and a frame."""
    text = MarkdownIt("commonmark").enable("table").render(markdown)
    head = f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>"
    return f"{head}<article><header><b>groundplan</b> commented</header><main>{text}</main></article>"


def draw(html: str, target: Path) -> None:
    """The top of the page as a PNG."""
    found = chromium()
    environment: dict[str, str | float | bool] = {"LANG": "C.UTF-8", **found.environment}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found.program, env=environment)
        opened = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=1.25)
        opened.set_content(html)
        opened.screenshot(path=target)
        browser.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        draw(page(body(Path(temporary))), PICTURE)
