"""Which Kubernetes version a cluster gets: one that its control plane can take from where it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from groundplan.catalog.catalog import KubernetesVersion
from groundplan.clouds.base import Cloud
from groundplan.diagnostics import Diagnostic, Severity
from groundplan.hcl.write import Value
from groundplan.stack.work import Work

MIN_SUPPORT = timedelta(days=120)
"""Standard support that a version must have ahead of it to be the default of a new cluster."""
PATH = "cluster.version"


def choose_version(work: Work, said: str | None, options: Mapping[str, Value]) -> tuple[str, bool]:
    """The version, and whether it is past standard support; what is wrong with it is noted.

    `options` are the settings that only this cloud has; with some it upgrades what is past standard support.
    """
    versions = work.cloud.catalog.kubernetes_versions
    supported = [v.version for v in versions if v.support(v.as_of) == "standard"]
    known = [v.version for v in versions if v.support(v.as_of) in ("standard", "extended")]
    stays = known if work.cloud.extended_support.items() <= options.items() else supported
    running = _running(work, stays)
    default, reason = _default(work, versions, supported, stays, running)
    version = work.choose(PATH, said, default, reason)
    if version not in known:
        work.diagnostics.append(_unknown(work.cloud, version, known))
        return version, False
    if running:
        work.diagnostics += _step(work, version, running, known)
    if version not in stays:
        work.diagnostics.append(_upgraded(work, version, supported))
    elif version not in supported:
        work.diagnostics.append(_extended_support(work.cloud, version, supported))
    return version, version not in supported


def _running(work: Work, known: Sequence[str]) -> str:
    """What the environment's cluster runs; empty without one. A version that is not `known` has been upgraded since."""
    version = work.kept.standing(PATH)
    if not re.fullmatch(r"1\.\d{2}", version):
        return ""
    return max(version, known[0], key=minor)


def _default(
    work: Work, versions: Sequence[KubernetesVersion], supported: Sequence[str], known: Sequence[str], running: str
) -> tuple[str, str]:
    """The version of a spec that names none, and why."""
    lasting = [v.version for v in versions if _lasts(v)]
    usual = (lasting or supported)[-2:][0]
    before = work.kept.value(PATH)
    if before in known and before != usual:
        return before, f"kept from the last render; --upgrade takes {_towards(usual, before, known)}"
    if running and _towards(usual, running, known) != usual:
        return _towards(usual, running, known), f"{running} runs, and a control plane takes one minor version at a time"
    settled = usual != supported[-1]
    return usual, (
        "one behind the newest: add-ons and scanners know it" if settled else "standard support of the last one ends"
    )


def _towards(wanted: str, running: str, known: Sequence[str]) -> str:
    """The version nearest to `wanted` that a control plane on `running` can take now."""
    later = [version for version in known if minor(version) > minor(running)]
    return min(wanted, later[0], key=minor) if later and minor(wanted) > minor(running) else running


def minor(version: str) -> int:
    """The minor version: 35 of 1.35 and of v1.35.2-eksbuild.1."""
    return int(version.split(".")[1])


def _step(work: Work, version: str, running: str, known: Sequence[str]) -> list[Diagnostic]:
    """Why a control plane does not get from `running` to `version`; nothing where it does.

    EKS: https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html. GKE:
    https://docs.cloud.google.com/kubernetes-engine/docs/how-to/upgrading-a-cluster.
    """
    possible = _towards(version, running, known)
    if version == possible:
        return []
    if possible == running:
        what = f"Kubernetes {version} wanted; `{work.spec.name}` runs {running}, and a control plane does not go back"
        hint = f'use cluster.version: "{running}"'
    else:
        what = f"Kubernetes {version} wanted; `{work.spec.name}` runs {running}, and minor versions cannot be skipped"
        further = [other for other in known if minor(possible) < minor(other) <= minor(version)]
        hint = f'use cluster.version: "{possible}" and apply it, then {", then ".join(further)}'
    return [Diagnostic("GP308", what, hint=f"{hint}; --forget if it was never applied", path=PATH)]


def _lasts(version: KubernetesVersion) -> bool:
    """Whether standard support goes on for long enough that a new cluster is not upgraded at once."""
    return version.standard_from <= version.as_of < version.standard_until - MIN_SUPPORT


def _unknown(cloud: Cloud, version: str, known: Sequence[str]) -> Diagnostic:
    return Diagnostic(
        code="GP204",
        message=f"Kubernetes {version} is not offered by {cloud.title}",
        hint=f"known: {', '.join(known)}",
        path=PATH,
    )


def _upgraded(work: Work, version: str, supported: Sequence[str]) -> Diagnostic:
    """GP208: the cloud would not leave the version alone; nobody pays for that without having asked for it."""
    [(key, value)] = work.cloud.extended_support.items()
    path = f"cluster.{work.cloud.name}.{key}"
    said = work.spec.lookup.value("cluster", work.cloud.name, key)
    given = f"`{path}: {said}`" if said else f"`{path}` as it is by default"
    return Diagnostic(
        code="GP208",
        message=f"Kubernetes {version} is past standard support, and {given} upgrades it",
        hint=f'use cluster.version: "{supported[0]}", or `{path}: {value}`, billed higher by the hour',
        path=path if said else PATH,
    )


def _extended_support(cloud: Cloud, version: str, supported: Sequence[str]) -> Diagnostic:
    return Diagnostic(
        code="GP704",
        severity=Severity.WARNING,
        message=f"Kubernetes {version} is in extended support, which {cloud.title} bills higher by the hour",
        hint=f"upgrade, one minor version at a time; in standard support: {', '.join(supported)}",
        path=PATH,
    )
