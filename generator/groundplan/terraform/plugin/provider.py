"""The provider service: schemas as they are, plans by schema and tables, applied values well formed but made up."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Mapping
from copy import copy
from typing import Any

from groundplan.terraform.archive import ProviderSchemas, Schema
from groundplan.terraform.plugin import google_patterns
from groundplan.terraform.plugin.answers import answer
from groundplan.terraform.plugin.files import Files
from groundplan.terraform.plugin.ledger import Ledger
from groundplan.terraform.plugin.messages import provider_schema
from groundplan.terraform.plugin.protocol import Method, pb
from groundplan.terraform.plugin.synthetic import Scope, Synthesizer, merged_tags
from groundplan.terraform.plugin.update import Place, make_new, place_steps, update
from groundplan.terraform.plugin.values import (
    conformed,
    decode,
    encode,
    fill_unknown,
    has_unknown,
    is_unknown,
    mark_computed,
    take_write_only,
)

_IMPORTED = b"imported"
"""Private state of what is imported and was not planned since."""


class OfflineProvider:
    """One provider. Nothing it says comes from a cloud; what it cannot know it makes up, the same way every time."""

    def __init__(
        self, schemas: ProviderSchemas, ledger: Ledger, files: Files | None = None, *, versions: bool = True
    ) -> None:
        """Without `versions` it takes the states of every release of the provider, as they are."""
        self._schemas = schemas
        self._ledger = ledger
        self._blocks: dict[str, Mapping[str, Schema]] = {
            kind: {name: schema["block"] for name, schema in types.items()} for kind, types in schemas.types.items()
        }
        self._schema_response = provider_schema(schemas, versions=versions)
        self._files = files or Files()
        self._scope = Scope(files=self._files)
        self._lock = threading.Lock()
        self._created: Counter[str] = Counter()
        self._default_tags: list[Mapping[str, Any]] = []

    def another(self) -> OfflineProvider:
        """The same provider for another root, which does not learn how this one is configured."""
        found = copy(self)
        found._scope, found._default_tags = Scope(files=self._files), []
        return found

    def methods(self) -> Mapping[str, Method]:
        """The RPCs of the service by name."""
        return {
            "GetMetadata": self.get_metadata,
            "GetProviderSchema": lambda _request: self._schema_response,
            "GetResourceIdentitySchemas": lambda _request: pb.GetResourceIdentitySchemas.Response(),
            "GetFunctions": lambda _request: pb.GetFunctions.Response(),
            "ValidateProviderConfig": lambda _request: pb.ValidateProviderConfig.Response(),
            "ValidateResourceConfig": lambda _request: pb.ValidateResourceConfig.Response(),
            "ValidateDataResourceConfig": lambda _request: pb.ValidateDataResourceConfig.Response(),
            "ValidateEphemeralResourceConfig": lambda _request: pb.ValidateEphemeralResourceConfig.Response(),
            "ConfigureProvider": self.configure,
            "UpgradeResourceState": self.upgrade_state,
            "UpgradeResourceIdentity": self.upgrade_identity,
            "ReadResource": self.read_resource,
            "PlanResourceChange": self.plan,
            "ApplyResourceChange": self.apply,
            "ImportResourceState": self.import_state,
            "MoveResourceState": self.move_state,
            "ReadDataSource": self.read_data_source,
            "OpenEphemeralResource": self.open_ephemeral,
            "RenewEphemeralResource": lambda _request: pb.RenewEphemeralResource.Response(),
            "CloseEphemeralResource": lambda _request: pb.CloseEphemeralResource.Response(),
            "StopProvider": lambda _request: pb.StopProvider.Response(),
        }

    def get_metadata(self, _request: Any) -> Any:
        """The names of the types that are served."""
        types = self._schemas.types
        return pb.GetMetadata.Response(
            server_capabilities=pb.ServerCapabilities(get_provider_schema_optional=True),
            resources=[pb.GetMetadata.Type(type_name=name) for name in types["resource"]],
            data_sources=[pb.GetMetadata.Type(type_name=name) for name in types["data"]],
            ephemeral_resources=[pb.GetMetadata.Type(type_name=name) for name in types["ephemeral"]],
        )

    def configure(self, request: Any) -> Any:
        """Keeps what made-up values depend on: region, account, project and default tags of the provider block."""
        self._scope = Scope.from_provider(self._schemas.about.name, decode(request.config) or {}, self._files)
        if self._scope.default_tags not in self._default_tags:
            self._default_tags.append(self._scope.default_tags)
        return pb.ConfigureProvider.Response()

    def upgrade_state(self, request: Any) -> Any:
        """The state as it is, in the shape of this schema: another version of the provider may have written it."""
        known = self._blocks["resource"].get(request.type_name)
        state = json.loads(request.raw_state.json)
        if known is not None:
            state = conformed(known, state)
        return pb.UpgradeResourceState.Response(upgraded_state=pb.DynamicValue(json=json.dumps(state).encode()))

    def upgrade_identity(self, request: Any) -> Any:
        """The identity as it is."""
        data = pb.ResourceIdentityData(identity_data=pb.DynamicValue(json=request.raw_identity.json))
        return pb.UpgradeResourceIdentity.Response(upgraded_identity=data)

    def read_resource(self, request: Any) -> Any:
        """The state as it is: nothing changes behind Terraform's back here."""
        return pb.ReadResource.Response(new_state=request.current_state, private=request.private)

    def plan(self, request: Any) -> Any:
        """The proposed state, with computed attributes unknown when something is created or they are made anew."""
        proposed = decode(request.proposed_new_state)
        if proposed is None:
            return pb.PlanResourceChange.Response(planned_state=request.proposed_new_state)
        block = self._blocks["resource"][request.type_name]
        config = decode(request.config) or {}
        self._ledger.received(take_write_only(block, config))
        for _ in take_write_only(block, proposed):
            pass
        prior = decode(request.prior_state)
        for name in google_patterns.BLOCKS.get(request.type_name, ()):
            proposed[name] = proposed[name] or (prior[name] if prior else [_empty(block["block_types"][name]["block"])])
        if prior is None or request.prior_private == _IMPORTED:
            merged_tags(self._scope, block, proposed, prior)
            make_new(request.type_name, block, proposed, config)
            return pb.PlanResourceChange.Response(planned_state=_dynamic(proposed), legacy_type_system=True)
        if not _same(proposed, prior) or len(self._default_tags) == 1:  # else of which alias, nobody says
            merged_tags(self._scope, block, proposed, prior)
        planned = update(request.type_name, block, prior, proposed, config)
        return pb.PlanResourceChange.Response(
            planned_state=_dynamic(planned.state),
            requires_replace=[_attribute_path(block, place) for place in planned.replacing],
            legacy_type_system=True,
        )

    def apply(self, request: Any) -> Any:
        """The planned state with everything unknown filled in."""
        planned = decode(request.planned_state)
        if planned is None:
            return pb.ApplyResourceChange.Response(new_state=request.planned_state)
        block = self._blocks["resource"][request.type_name]
        self._ledger.received(take_write_only(block, decode(request.config) or {}))
        for _ in take_write_only(block, planned):
            pass
        if has_unknown(planned):
            self._complete("resource", request.type_name, planned, decode(request.prior_state))
        self._ledger.plain(block, planned)
        return pb.ApplyResourceChange.Response(new_state=_dynamic(planned), legacy_type_system=True)

    def import_state(self, request: Any) -> Any:
        """The id alone: there is nothing to read from, so the object is taken to be as the configuration says."""
        state = _empty(self._blocks["resource"][request.type_name])
        if "id" in state:
            state["id"] = request.id
        found = pb.ImportResourceState.ImportedResource(
            type_name=request.type_name, state=_dynamic(state), private=_IMPORTED
        )
        return pb.ImportResourceState.Response(imported_resources=[found])

    def move_state(self, request: Any) -> Any:
        """An error: moving a resource to another type is the real provider's knowledge."""
        return pb.MoveResourceState.Response(
            diagnostics=[
                _error(
                    f"cannot move {request.source_type_name} to {request.target_type_name}",
                    "Which types can be moved to which is known to the real provider only.",
                )
            ]
        )

    def read_data_source(self, request: Any) -> Any:
        """An answer that fits the configuration of the data source."""
        state = decode(request.config)
        made = self._complete("data", request.type_name, state)
        if made.refusals:
            return pb.ReadDataSource.Response(diagnostics=[_error(*refusal) for refusal in made.refusals])
        self._ledger.plain(self._blocks["data"][request.type_name], state)
        warnings = [pb.Diagnostic(severity=pb.Diagnostic.WARNING, summary=one, detail=rest) for one, rest in made.notes]
        return pb.ReadDataSource.Response(state=_dynamic(state), diagnostics=warnings)

    def open_ephemeral(self, request: Any) -> Any:
        """A made-up result, remembered as a secret."""
        result = decode(request.config)
        self._complete("ephemeral", request.type_name, result)
        self._ledger.issued(self._blocks["ephemeral"][request.type_name], result)
        return pb.OpenEphemeralResource.Response(result=_dynamic(result))

    def _complete(
        self, kind: str, type_name: str, value: dict[str, Any], prior: Mapping[str, Any] | None = None
    ) -> Synthesizer:
        """Fills in every computed value that is missing or unknown; gives who made them.

        Of what was there in a `prior` state only what is unknown is made anew, and counters go up.
        """
        block = self._blocks[kind][type_name]
        if kind != "resource":
            mark_computed(block, value)
        seed = f"{kind} {type_name} {json.dumps(value, sort_keys=True, default=str)}"
        if kind == "resource":
            with self._lock:
                self._created[seed] += 1
                seed = f"{seed} {self._created[seed]}"
        synthesizer = Synthesizer(self._scope, type_name, value, seed)
        for name, known in answer(kind, type_name, synthesizer).items():
            if name in block["attributes"] and (prior is None or is_unknown(value[name])):
                value[name] = known
        raised = _raised(block, value, prior or {})
        fill_unknown(block, value, synthesizer.make)
        value |= raised
        return synthesizer


def _empty(block: Schema) -> dict[str, Any]:
    """A block without any value."""
    return conformed(block, {})


def _raised(block: Schema, value: Mapping[str, Any], prior: Mapping[str, Any]) -> dict[str, int]:
    """The numbers that are made anew at an update, such as versions: one more than they were."""
    numbers = (name for name, attribute in block.get("attributes", {}).items() if attribute.get("type") == "number")
    return {
        name: prior[name] + 1 for name in numbers if is_unknown(value.get(name)) and isinstance(prior.get(name), int)
    }


def _attribute_path(block: Schema, place: Place) -> Any:
    return pb.AttributePath(steps=[pb.AttributePath.Step(**step) for step in place_steps(block, place)])


def _same(proposed: Any, prior: Any) -> bool:
    """Whether two states are equal, lists of sets in any order."""
    if isinstance(proposed, dict) and isinstance(prior, dict):
        return proposed.keys() == prior.keys() and all(_same(value, prior[name]) for name, value in proposed.items())
    if isinstance(proposed, list) and isinstance(prior, list):
        return len(proposed) == len(prior) and all(map(_same, proposed, prior))
    return bool(proposed == prior)


def _dynamic(value: Any) -> Any:
    return pb.DynamicValue(msgpack=encode(value))


def _error(summary: str, detail: str) -> Any:
    return pb.Diagnostic(severity=pb.Diagnostic.ERROR, summary=summary, detail=detail)
