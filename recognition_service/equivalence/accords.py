"""What an accord of professional bodies says about a programme that they accredited.

Its signatories take each other's accredited programmes for substantially equivalent,
from the admission of the signatory on and not before. Who is a provisional member has
no first day and is no signatory. An accord informs: it never decides, and it gives no
licence.

Source: Washington, Sydney and Dublin Accords, as "agreements.csv" tells them.
"""

from recognition_service.equivalence.answer import Reason
from recognition_service.equivalence.applicable import doubt_about
from recognition_service.equivalence.facts import known_value
from recognition_service.equivalence.inquiry import Inquiry, Reasons
from recognition_service.equivalence.parties import (
    Pair,
    bound_party,
    named,
    why_not_in_force,
)
from recognition_service.frameworks.instruments import Agreement

ACCORD = "professional_body_accord"


def look_for_accord(inquiry: Inquiry) -> Reasons:
    """Return what is to be said of the accord under which a programme is accredited.

    Nothing, where the facts name none.
    """
    snapshot = inquiry.snapshot
    value = known_value(inquiry.question.facts, "accredited_under")
    if not isinstance(value, tuple):
        return ()
    accord = snapshot.tables.agreements.get(value[0])
    if accord is None or accord.kind != ACCORD:
        return (Reason("accord_not_in_tables", {"accord": value[0]}),)
    reason = _told(inquiry, accord)
    return () if reason is None else (reason,)


def _told(inquiry: Inquiry, accord: Agreement) -> Reason | None:
    """Return how the accord covers the award; `None` where its date is not known."""
    snapshot = inquiry.snapshot
    one = bound_party(snapshot, accord, snapshot.places.lineage(inquiry.home))
    other = bound_party(snapshot, accord, inquiry.destination_lineage)
    if one is None or other is None:
        if accord.parties_established:
            return Reason("accord_without_signatory", named(accord))
        return Reason("instrument_parties_not_established", named(accord))
    doubt = doubt_about(accord, Pair(one, other))
    if doubt is not None or inquiry.awarded is None:
        return doubt
    params = {
        **named(accord),
        "origin": one.jurisdiction,
        "destination": other.jurisdiction,
    }
    if not one.is_bound(inquiry.awarded):
        return Reason("accord_does_not_cover", params)
    untimely = why_not_in_force(accord, (other,), inquiry.asked)
    return untimely or Reason("accord_covers_programme", params)
