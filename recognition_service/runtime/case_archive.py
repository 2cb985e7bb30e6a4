"""A whole case as one archive: its record, its files, an index and their digests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from recognition_service.authorities.models import Authority, Mode
from recognition_service.clock import parse_instant
from recognition_service.credentials.canonical import digest_of_bytes
from recognition_service.documents.archive import file_name, to_zip
from recognition_service.documents.paper import Paper, Paragraph, Rows, Section, Table
from recognition_service.documents.typeset import to_pdf
from recognition_service.editions.find import CompiledEdition
from recognition_service.mutual_recognition.attachment_contents import (
    ReceivedAttachment,
)
from recognition_service.recognition.case_documents import (
    JSON,
    PDF,
    CaseDocument,
    as_json_file,
)
from recognition_service.regimes.regime import Regime
from recognition_service.runtime.spoken_names import Names, day, word
from recognition_service.wording import ORIGINAL_LANGUAGE, best_language, text

_KIB = 1024


@dataclass(frozen=True, slots=True)
class CaseArchive:
    """A case as a file.

    Attributes:
        name: Of the file, such as "REC-2026-000001.zip".
    """

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeCase:
    """All that goes into the archive of a case.

    Attributes:
        document: The case as `recognition.read` gives it.
        files: Its files, but for the case itself.
        people: Names by actor, as the history names them.
    """

    authority: Authority
    document: Mapping[str, Any]
    files: Sequence[CaseDocument]
    people: Mapping[str, str]


def attached(received: Sequence[ReceivedAttachment]) -> list[CaseDocument]:
    """Return documents of other bodies as files of the case, under harmless names."""
    return [
        CaseDocument(
            f"attachments/{number:02}-{file_name(each.name, each.media_type)}",
            "attachment",
            each.media_type,
            each.content,
        )
        for number, each in enumerate(received, start=1)
    ]


def archive_of(case: WholeCase, edition: CompiledEdition) -> CaseArchive:
    """Return a case as an archive; the same case always gives the same bytes.

    Raises:
        PaperNotTypesetError: The index could not be laid out.
    """
    reference = case.document["number"] or case.document["id"]
    record = CaseDocument("case.json", "case", JSON, as_json_file(case.document))
    files = sorted([record, *case.files], key=lambda file: file.path)
    index = to_pdf(index_of(case, files, edition))
    files.insert(0, CaseDocument("contents.pdf", "contents", PDF, index))
    manifest = {
        "case": case.document["id"],
        "number": case.document["number"],
        "authority": case.authority.id,
        "files": [
            {
                "path": file.path,
                "kind": file.kind,
                "media_type": file.media_type,
                "bytes": len(file.content),
                "digest": digest_of_bytes(file.content),
            }
            for file in files
        ],
    }
    contents = {file.path: file.content for file in files}
    contents["manifest.json"] = as_json_file(manifest)
    return CaseArchive(f"{reference}.zip", to_zip(reference, contents))


def index_of(
    case: WholeCase, files: Sequence[CaseDocument], edition: CompiledEdition
) -> Paper:
    """Return the cover of an archive, with all its files and all that happened."""
    authority, document = case.authority, case.document
    language = best_language(authority.language)
    names = Names(edition.snapshot, language)

    def say(code: str, **params: Any) -> str:
        return text(f"case_file.{code}", params, language)

    reference = document["number"] or document["id"]
    last = parse_instant(document["history"][-1]["at"])
    return Paper(
        language=language,
        title=say("title", reference=reference),
        sender=(authority.name, names.place(authority.jurisdiction)),
        reference=reference,
        dated=_local(authority, last).date(),
        mark=text("letter.example", {}, language)
        if authority.mode == Mode.TEST
        else None,
        sections=(
            Section(None, (Rows(tuple(_about(case, names, edition.regimes))),)),
            Section(
                say("files"),
                (
                    Table(
                        (say("file"), say("kind"), say("size")),
                        tuple(
                            (
                                file.path,
                                say(f"kind_{file.kind}"),
                                say("kib", count=-(-len(file.content) // _KIB)),
                            )
                            for file in files
                        ),
                        (6, 3, 2),
                    ),
                    Paragraph(say("manifest")),
                ),
            ),
            Section(
                say("history"),
                (
                    Table(
                        (say("when"), say("what"), say("who")),
                        tuple(_history(case, language)),
                        (4, 4, 4),
                    ),
                ),
            ),
        ),
    )


def _about(
    case: WholeCase, names: Names, regimes: Mapping[str, Regime]
) -> list[tuple[str, str]]:
    """Return who asks for what, beside labels."""
    language = names.language
    regime = regimes[case.document["routing"]["regime"]].name
    document, applicant = case.document, case.document["applicant"]
    held = document["held_qualifications"][0]
    decision = document["decision"] or {}
    parts = (applicant["given_name"], applicant["family_name"])
    values = {
        "person": " ".join(filter(None, parts)),
        "birth_date": _day(applicant["birth_date"], language),
        "qualification": held["title"],
        "awarded_in": names.place(held["origin"]),
        "destination": names.place(document["destination"]["jurisdiction"]),
        "decision_kind": word("decision_kind", document["decision_kind"], language),
        "regime": regime.get(language) or regime[ORIGINAL_LANGUAGE],
        "submitted_on": day(
            _local(case.authority, parse_instant(document["submitted_at"])).date(),
            language,
        ),
        "status": word("page", f"case_{document['status']}", language),
        "outcome": word("outcome", decision["outcome"], language)
        if decision.get("signed")
        else None,
        "decision_digest": decision.get("decision_digest"),
    }
    return [
        (text(f"case_file.{name}", {}, language), value)
        for name, value in values.items()
        if value
    ]


def _history(case: WholeCase, language: str) -> list[tuple[str, str, str]]:
    """Return what happened, when, and by whom; the time is that of the authority."""
    rows = []
    for event in case.document["history"]:
        at = _local(case.authority, parse_instant(event["at"]))
        when = {"day": day(at.date(), language), "time": f"{at:%H:%M}"}
        rows.append(
            (
                text("case_file.at", when, language),
                word("case_event", event["event"], language),
                case.people.get(event["by"], event["by"]),
            )
        )
    return rows


def _local(authority: Authority, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(authority.time_zone))


def _day(written: str | None, language: str) -> str | None:
    found = datetime.fromisoformat(written) if written else None
    return day(found.date(), language) if found else None
