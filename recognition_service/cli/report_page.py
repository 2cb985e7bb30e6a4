"""A verification report for a person at a terminal: the verdict first."""

from collections.abc import Iterable, Mapping
from typing import Any

from recognition_service.cli.output import plain, say

_CLAUSES = (
    ("allows", "Allows"),
    ("does_not_allow", "Does not allow"),
    ("conditions", "Conditions"),
    ("measures", "Measures"),
    ("limitations", "Limitations"),
)


def print_report(document: Mapping[str, Any]) -> None:
    """Print a report as `spoken.verification_document` makes it."""
    say(document["verdict"].replace("_", " ").upper())
    say(plain(document["summary"]))
    say()
    for name, value in _facts(document):
        say(f"{name + ':':<11}{plain(value)}")
    recognition = document["recognition"] or {}
    for member, title in _CLAUSES:
        if recognition.get(member):
            say(f"{title}:")
            for clause in recognition[member]:
                say(f"  - {plain(clause['text'] or clause['code'])}")
    say("Checks:")
    for check in document["checks"]:
        _print_check(check)


def _facts(document: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    issuer, holder = document["issuer"], document["holder"]
    recognition, status = document["recognition"], document["status"]
    if issuer is not None:
        yield "Issuer", _issuer(issuer)
    if holder is not None:
        names = (holder["given_name"], holder["family_name"])
        yield "Holder", f"{' '.join(filter(None, names))} (identity not checked)"
    if recognition is not None:
        yield "Decision", f"{recognition['decision_kind']}, {recognition['outcome']}"
        yield "For", recognition["purpose"]
        validity = recognition["validity"]
        yield (
            "Validity",
            f"{validity['from']} to {validity['until'] or 'no end'}",
        )
    if status is not None:
        yield "Status", f"{status['value']} (as of {status['as_of']})"
    yield "As of", document["as_of"]


def _issuer(issuer: Mapping[str, Any]) -> str:
    """Return the registered name; what only the token says is marked as such."""
    if issuer["registered_name"] is None:
        return f"not registered (the token says {issuer['id']})"
    return f"{issuer['registered_name']} ({issuer['country']}, {issuer['domain']})"


def _print_check(check: Mapping[str, Any]) -> None:
    outcome = check["outcome"].replace("_", " ")
    why = check["detail"] or (check["code"] or "").replace("_", " ")
    say(f"  {check['number']:>2} {check['id']:<15}{outcome:<14}{plain(why)}".rstrip())
