"""What is wrong, where, and what to do about it: values that every stage gathers and only the views put into words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from groundplan.masking import hidden_line, masked, masked_format, masked_source


class Severity(StrEnum):
    """How much a diagnostic weighs: an error stops the pipeline, a warning and a note never do."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


_WEIGHT = {severity: index for index, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a text file; line and column count from 1, column in characters."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Snippet:
    """The source line a place points into, and how many characters of it to underline."""

    text: str
    length: int = 1


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding.

    `code` is a key of `CODES`; `hint` says what to do or what is allowed; `place` is where in the user's
    own file (the spec, or a file handed to `check`); `address` is the Terraform address, where there is one.
    """

    code: str
    message: str
    severity: Severity = Severity.ERROR
    hint: str | None = None
    place: Place | None = None
    snippet: Snippet | None = None
    address: str | None = None
    path: str | None = None
    """Dotted path of the value in the spec, e.g. `training.pools.finetune.gpu.type`."""

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise ValueError(f"unregistered diagnostic code {self.code!r}")
        self._mask()

    def _mask(self) -> None:
        """Takes the secrets out of what is shown of files, so that no format can show them."""
        if self.snippet is not None:
            secret = self.code in _SECRETS or self.message.startswith("CKV_SECRET_")
            text = (hidden_line if secret else masked_source)(self.snippet.text)
            object.__setattr__(self, "snippet", replace(self.snippet, text=text))
        if self.hint is not None:
            object.__setattr__(self, "hint", (masked_format if self.code == "GP501" else masked)(self.hint))
        object.__setattr__(self, "message", masked(self.message))

    def with_place(self, place: Place | None, snippet: Snippet | None = None) -> Diagnostic:
        """The same finding, pointing at `place`."""
        return replace(self, place=place, snippet=snippet)


class DiagnosticsError(Exception):
    """Raised once per stage with everything that is wrong; only the command line catches it."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = tuple(diagnostics)
        super().__init__("; ".join(f"{d.code}: {d.message}" for d in self.diagnostics))


MOST_FINDINGS = 100
"""Of one kind that are reported one by one: nobody reads on."""
LONGEST_WORD = 100
"""Characters of a name that others are compared with; no name that is known has as many."""
MOST_KNOWN = 5_000
"""Names that one is compared with: all machine types and items of a cloud are half of it."""


def bounded(findings: Iterable[Diagnostic], most: int = MOST_FINDINGS) -> list[Diagnostic]:
    """The first findings, and one that counts those left out, as grave as the gravest of them."""
    every = iter(findings)
    shown = list(islice(every, most))
    first, count = next(every, None), 1
    if first is None:
        return shown
    gravest = first
    for one in every:
        count += 1
        gravest = min(gravest, one, key=lambda each: _WEIGHT[each.severity])
    return [*shown, Diagnostic(gravest.code, f"and {count:,} more", gravest.severity, place=first.place)]


def first(findings: Iterable[Diagnostic], most: int = MOST_FINDINGS) -> Iterator[Diagnostic]:
    """The first findings, and one that says that there are more, which are not even looked for."""
    for count, one in enumerate(findings):
        if count == most:
            yield replace(one, message="and more, not listed", hint=None)
            return
        yield one


def shortened(text: str, longest: int = LONGEST_WORD) -> str:
    """A user's text, short enough for a message."""
    return text if len(text) <= longest else f"{text[:longest]}…"


def close_matches(name: str, known: Iterable[str], *, most: int = 1, cutoff: float = 0.6) -> list[str]:
    """The known names most like `name`, the likest first; none for a name or a list too long to be compared."""
    from difflib import get_close_matches

    names = list(islice(known, MOST_KNOWN + 1))
    if len(name) > LONGEST_WORD or len(names) > MOST_KNOWN:
        return []
    return get_close_matches(name, [one for one in names if len(one) <= LONGEST_WORD], n=most, cutoff=cutoff)


def did_you_mean(name: str, known: Iterable[str], *, most: int = 1, cutoff: float = 0.6) -> str:
    """`did you mean `a` or `b`?` for the known names most like `name`, at most so many; empty where none is like it."""
    near = close_matches(name, known, most=most, cutoff=cutoff)
    return f"did you mean {' or '.join(f'`{one}`' for one in near)}?" if near else ""


class Suggestions:
    """`did_you_mean` for the first `most` names that are not known: comparing thousands to thousands takes minutes."""

    def __init__(self, most: int) -> None:
        self._left = most

    def __call__(self, name: str, known: Iterable[str]) -> str:
        """What was probably meant; empty once there were `most`."""
        self._left -= 1
        return did_you_mean(name, known) if self._left >= 0 else ""


MOST_NAMED = 5
"""Items that a sentence names."""


def named(items: Sequence[str]) -> str:
    """The first of the items, and how many more there are."""
    more = len(items) - MOST_NAMED
    return ", ".join(items[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def or_known(name: str, known: Collection[str], *, cutoff: float = 0.6) -> str:
    """The name that was probably meant, and all that are known."""
    return f"{did_you_mean(name, known, cutoff=cutoff)} known: {', '.join(known)}".lstrip()


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of them stops the pipeline."""
    return any(d.severity is Severity.ERROR for d in diagnostics)


_SECRETS = frozenset({"GP506", "GP901"})
"""Findings about a secret: the line that they point to is not shown."""

CODES: dict[str, str] = {
    # reading the file
    "GP101": "file cannot be read",
    "GP102": "not valid YAML",
    "GP103": "key given twice",
    "GP104": "unsupported YAML feature",
    "GP105": "file too large or too deeply nested",
    "GP106": "`extends` cannot be resolved",
    # what the spec says
    "GP201": "unknown key",
    "GP202": "missing key",
    "GP203": "wrong type",
    "GP204": "value not allowed",
    "GP205": "value that YAML reads as another type",
    "GP206": "placeholder left in the spec",
    "GP207": "reference to something undefined",
    "GP208": "contradictory values",
    "GP209": "unsupported apiVersion",
    # deciding
    "GP301": "no instance type satisfies the needs",
    "GP302": "instance type unavailable in the region",
    "GP303": "name exceeds a limit of the cloud",
    "GP304": "address plan does not fit",
    "GP305": "unknown region or zone",
    "GP306": "block for another cloud",
    "GP307": "setting has no effect on this cloud",
    "GP308": "environment cannot change to this",
    "GP309": "node too small for workloads",
    "GP310": "pool in one zone only",
    "GP311": "disk cannot shrink",
    "GP312": "version of a database cannot be lowered",
    "GP313": "major upgrade of a database not allowed",
    "GP314": "states are elsewhere",
    # writing
    "GP401": "file edited by hand",
    "GP402": "folder is not an environment of this spec",
    "GP403": "output cannot be written",
    "GP404": "rendered files are out of date",
    "GP405": "another groundplan is writing there",
    "GP411": "folder changed since it was planned",
    "GP412": "plan changed since it was saved",
    "GP413": "plan of another environment",
    "GP414": "state changed since it was planned",
    "GP415": "plan of another program or release",
    "GP416": "no saved plans",
    "GP417": "other providers than planned with",
    "GP418": "no run to go on with",
    "GP419": "state that was not written",
    # Terraform
    "GP501": "terraform fmt",
    "GP502": "terraform init",
    "GP503": "terraform validate",
    "GP504": "terraform plan",
    "GP505": "terraform apply or destroy",
    "GP506": "secret in the state or plan",
    "GP507": "no schema for this provider",
    "GP508": "unstable plan",
    "GP509": "terraform test",
    "GP511": "replacement unknown",
    "GP512": "prevent_destroy refuses a change",
    "GP513": "a change that cannot be applied",
    "GP514": "the environment as it was cannot be applied",
    # scanning
    "GP601": "checkov finding",
    "GP602": "checkov skip without a reason",
    "GP603": "checkov could not read everything",
    "GP604": "chart does not render",
    "GP605": "object that Kubernetes refuses",
    "GP606": "value that changes nothing",
    "GP607": "image that cannot be relied on",
    "GP608": "container without requests or limits",
    "GP609": "chart is not the one that was pulled",
    # cost
    "GP701": "over budget",
    "GP702": "item without a price",
    "GP703": "plan cannot be priced",
    "GP704": "avoidable cost",
    "GP705": "invalid row in a table of instances or prices",
    "GP706": "not in the price books",
    "GP707": "prices older than a year",
    "GP708": "inconsistent price book",
    "GP709": "discount matches nothing",
    "GP710": "option without effect on a plan",
    "GP711": "usage file cannot be used",
    "GP712": "usage that nothing in the plan has",
    "GP715": "support of a version ends",
    "GP717": "budget not shown to hold",
    "GP718": "no budget to prove",
    "GP719": "bound of nothing",
    # a change
    "GP725": "no environment on one side",
    "GP726": "edit that the next render gives up",
    "GP727": "costs before are not known",
    "GP728": "format of an earlier release",
    "GP729": "environment of a later release",
    "GP731": "name that cannot be taken over",
    "GP732": "comes back and cannot be imported",
    "GP733": "looks renamed",
    "GP734": "left in a network that goes",
    "GP735": "line of `changes.allow` does not hold",
    "GP736": "line of `changes.allow` allows nothing",
    "GP737": "change that could not be rehearsed",
    "GP738": "left behind and no longer remembered",
    "GP739": "budget after a change",
    "GP740": "line of `drift.ignore` does not hold",
    "GP741": "state that is in a file until its bucket is made",
    "GP743": "destroyed by what its state says",
    "GP744": "line of `drift.ignore` ignores nothing",
    "GP745": "taken over from an apply that was killed",
    "GP746": "made by an apply that was killed",
    "GP747": "perhaps made by an apply that was killed",
    "GP748": "priced from a plan",
    # own rules
    "GP901": "hard-coded secret",
    "GP902": "ingress open to the internet",
    "GP903": "provider version not pinned",
    "GP904": "state without a backend or a lock",
    "GP905": "data deleted with its resource",
    "GP906": "module from outside the folder",
    "GP907": "no deletion protection",
    "GP908": "token written into the state",
    "GP909": "would run a program or open a connection",
    "GP910": "file read from outside the folder",
    "GP911": "public range wider than /16",
    "GP912": "objects without versions",
    "GP913": "no standby",
    "GP914": "backups kept too short",
    "GP915": "network lets data out through S3",
    "GP916": "images admitted unchecked",
    "GP917": "secret without rotation",
    "GP918": "logs kept for less than a year",
    "GP919": "image without a digest",
    "GP920": "token taken from too many",
    # live runs
    "GP921": "terraform init failed",
    "GP922": "terraform plan failed",
    "GP923": "terraform apply failed",
    "GP924": "interrupted",
    "GP925": "answer of Terraform cannot be read",
    "GP926": "state could not be changed",
    "GP927": "state is locked",
    # states and what was applied
    "GP931": "state that is locked",
    "GP932": "no such lock",
    "GP933": "no such version of a state",
    "GP934": "version that cannot be gone back to",
    "GP935": "state written by another",
    "GP936": "state that cannot be read",
    "GP941": "root that waits for another",
    "GP942": "root on which another one stands",
    "GP943": "not gone from the cluster",
    "GP944": "protection that cannot be lifted",
    "GP945": "drift that was not accepted in the spec",
    "GP947": "state on another machine",
    "GP948": "two states of one root",
    "GP949": "state that is not in its bucket",
    "GP937": "no such output",
    "GP938": "no cluster",
    # pipelines
    "GP951": "environments that do not fit into one repository",
    "GP953": "comment or issue refused",
    "GP955": "access that the spec denies",
    "GP954": "the system of the repository does not answer",
    # the machine
    "GP801": "required program or package is missing",
    "GP805": "temporary folder cannot be used",
    "GP809": "the machine gave out",
    "GP811": "version of Terraform is not taken",
    "GP818": "no place for what Terraform keeps",
    "GP824": "cluster does not answer",
    # groundplan itself
    "GP999": "internal error",
    # the account
    "GP802": "account does not meet a requirement",
    "GP803": "could not query the account",
    "GP804": "account cannot be reached",
    "GP806": "several prices match",
    "GP812": "no credentials",
    "GP813": "credentials of another account",
    "GP814": "expired credentials",
    "GP815": "no permission",
    "GP816": "the cloud does not answer",
    "GP817": "no state bucket",
    "GP821": "bucket of somebody else's",
    "GP822": "cluster that does not answer from here",
    "GP825": "cannot be taken over",
    "GP826": "no rights in the cluster",
    "GP827": "chart cannot be pulled",
    "GP828": "chart that is not proven",
    "GP823": "variable that would change what is run",
}
"""Every code a diagnostic may carry, with the title under which the documentation explains it."""
