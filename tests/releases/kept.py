"""Environments as a release rendered them, one archive for each release that upgrades begin from.

`python -m tests.releases.kept` writes the archive of this release: run it on the commit that is tagged.
"""

from __future__ import annotations

import io
import lzma
import tarfile
from pathlib import Path
from typing import Any

from groundplan import __version__
from groundplan.app.pipeline import resolve_spec
from groundplan.environment.files import SPEC_FILE
from tests.sizes import spec_text

FOLDER = Path(__file__).parent
CASES = [
    (blueprint, cloud, size)
    for blueprint, size in (("cpu-serving", "maximal"), ("small-team", "maximal"), ("small-team", "minimal"))
    for cloud in ("aws", "gcp")
]
"""Together they have every module, with the most and with the least that a spec can say."""


_FILTER: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
"""Python 3.11 has it from 3.11.4 on, Debian 12 has 3.11.2."""


def archives() -> list[Path]:
    """One for each release, the oldest first."""
    return sorted(FOLDER.glob("*.tar.xz"), key=lambda path: [int(part) for part in release(path).split(".")])


def release(archive: Path) -> str:
    """The version that rendered what is in it."""
    return archive.name.removesuffix(".tar.xz")


def unpacked(archive: Path, folder: Path, name: str = "") -> list[Path]:
    """The environments of an archive, or the one of that name, each in a folder of `folder`."""
    with tarfile.open(archive) as tar:
        members = [one for one in tar if one.name.startswith(f"{name}/" if name else "")]
        tar.extractall(folder, members, **_FILTER)
    return sorted(path for path in folder.iterdir() if path.is_dir())


def _packed(texts: dict[str, str]) -> bytes:
    """The same bytes for the same texts."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        for name, text in sorted(texts.items()):
            about = tarfile.TarInfo(name)
            content = text.encode()
            about.size = len(content)
            tar.addfile(about, io.BytesIO(content))
    return lzma.compress(made.getvalue(), preset=9 | lzma.PRESET_EXTREME)


def _rendered(folder: Path) -> dict[str, str]:
    texts: dict[str, str] = {}
    for case in CASES:
        name = "-".join(case)
        spec = folder / name / SPEC_FILE
        spec.parent.mkdir(parents=True)
        spec.write_text(spec_text(*case), encoding="utf-8")
        files = resolve_spec(spec).render(spec.parent)
        texts |= {f"{name}/{file}": text for file, text in files.items()}
        texts[f"{name}/{SPEC_FILE}"] = spec.read_text(encoding="utf-8")
    return texts


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as temporary:
        (FOLDER / f"{__version__}.tar.xz").write_bytes(_packed(_rendered(Path(temporary))))
