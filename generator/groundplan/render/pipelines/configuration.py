"""Files that name the identity of a job to the libraries of a cloud. Nothing in them is secret."""

from __future__ import annotations

import shlex

from groundplan.components.ci.login import Identity
from groundplan.components.ci.spec import System
from groundplan.environment.files import FileSet
from groundplan.render.pipelines.model import Given, Target, Targets

FOLDER = ".groundplan"


def configuration(targets: Targets, system: System) -> FileSet:
    """One for each environment and identity, on clouds that need one."""
    return {
        _name(target, system, identity): target.login.configuration[system].replace("{identity}", name)
        for target in targets
        if system in target.login.configuration
        for identity, name in target.login.identities.items()
    }


def configured(target: Target, system: System, identity: Identity) -> str:
    """The line that writes it where the cloud's libraries look, with the token's file in it."""
    name = shlex.quote(_name(target, system, identity))
    return f'sed "s|{{token}}|${Given.TOKEN_FILE}|" {name} > "${target.login.configuration_variable}"'


def _name(target: Target, system: System, identity: Identity) -> str:
    return f"{FOLDER}/{target.name}-{system}-{identity}.json"
