"""What it costs to find the attestations that other tables would answer differently.

In CPU time of this process, on SQLite in a temporary directory, beside one ES256
signature of the same run. The tables tried out lack one title that every attestation
rests on, so that each is found and told.
"""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.bench_issuing import (
    BATCH,
    OFFICE,
    hand_in,
    installation,
    one_signature,
    spent,
)
from benchmarks.offices import person
from recognition_service.authorities.models import Role
from recognition_service.editions.drafts import NewDraft
from recognition_service.editions.overlay import RowChange
from recognition_service.runtime.drafts_desk import Drafting
from recognition_service.runtime.impact_report import impact_report

if TYPE_CHECKING:
    from recognition_service.recognition.impact import Affected

TITLE = "benelux-baltic-2024:LV:6:1"
COUNT = 100_000


def main() -> None:
    """Print what one attestation costs, and what a hundred thousand would."""
    with tempfile.TemporaryDirectory() as directory:
        runtime = installation(Path(directory))
        officer, _ = person(runtime, OFFICE, Role.OFFICER)
        signatory, _ = person(runtime, OFFICE, Role.SIGNATORY)
        hand_in(runtime, officer, signatory)
        while runtime.run_batches():
            pass
        changes = [RowChange("agreement_titles", TITLE, None)]
        new = Drafting(draft=NewDraft(title="Tried out", changes=changes))
        draft = runtime.draft_rows(officer, new)
        edition = runtime.tried_edition(OFFICE, draft.id)
        found: list[Affected] = []
        each = spent(
            lambda: found.extend(impact_report(runtime, OFFICE, edition, _silent)),
            BATCH,
        )
        one = one_signature(Path(directory))
        runtime.close()
    if len(found) != BATCH:
        raise SystemExit(f"{len(found)} of {BATCH} were found.")
    print(f"one ES256 signature      {one:8.1f} us CPU    1.00 x")
    print(f"one attestation          {each:8.1f} us CPU {each / one:7.2f} x")
    print(f"{COUNT:,} attestations   {each * COUNT / 1e6:8.1f} s CPU")


def _silent(done: int, total: int) -> None:
    del done, total


if __name__ == "__main__":
    main()
