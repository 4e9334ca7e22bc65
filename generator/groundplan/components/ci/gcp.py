"""The pipeline of an environment on GCP."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.components.ci.component import CiPart
from groundplan.components.ci.spec import Ci
from groundplan.diagnostics import Diagnostic


class GcpCi(CiPart):
    """The pipeline of an environment on GCP."""

    def problems(self, said: Ci) -> Iterable[Diagnostic]:
        """Identity pools are named by the number of the project, which its id does not tell."""
        if said.gcp is None:
            message = "`gcp` is missing in `ci`: an identity pool is named by the project's number"
            hint = "add `gcp: {project_number: …}`: `gcloud projects describe PROJECT --format 'value(projectNumber)'`"
            yield Diagnostic("GP202", message, hint=hint, path="ci")


PART = GcpCi()
