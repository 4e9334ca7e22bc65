"""All files of the pipelines of a repository."""

from __future__ import annotations

from groundplan.environment.files import FileSet
from groundplan.render.pipelines.github import github_files
from groundplan.render.pipelines.gitlab import gitlab_files
from groundplan.render.pipelines.jenkins import jenkins_files
from groundplan.render.pipelines.model import Targets


def pipeline_files(targets: Targets) -> FileSet:
    """Text by path relative to the repository, for each system that an environment's spec names."""
    writers = {"github": github_files, "gitlab": gitlab_files, "jenkins": jenkins_files}
    files: dict[str, str] = {}
    for system, write in writers.items():
        files |= write([one for one in targets if system in one.pipeline.systems])
    return dict(sorted(files.items()))
