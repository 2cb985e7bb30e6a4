"""How relations turn round and add up."""

from collections.abc import Iterable

from recognition_service.frameworks.rows import Evidence, Relation

_FROM_STRONG_TO_WEAK = (
    Relation.EQUAL,
    Relation.NARROW,
    Relation.BROAD,
    Relation.COMPARABLE,
    Relation.BEST_FIT,
    Relation.CONTESTED,
    Relation.NONE,
)
_WEAKNESS = {relation: rank for rank, relation in enumerate(_FROM_STRONG_TO_WEAK)}
_DOUBT = {evidence: rank for rank, evidence in enumerate(Evidence)}
_TURNED = {Relation.NARROW: Relation.BROAD, Relation.BROAD: Relation.NARROW}


def turned_round(relation: Relation) -> Relation:
    """Return the relation as seen from level B.

    One of several levels that share a level of B is, from there, one of the several
    that this level spans.
    """
    return _TURNED.get(relation, relation)


def weakest_relation(relations: Iterable[Relation]) -> Relation:
    """Return the relation that claims least.

    Source: Council Recommendation of 22 May 2017 on the EQF, annex III (a national
    level is linked by best fit, and says so).
    """
    return max(relations, key=_WEAKNESS.__getitem__)


def weakest_evidence(grades: Iterable[Evidence]) -> Evidence:
    """Return the grade of evidence that is trusted least."""
    return max(grades, key=_DOUBT.__getitem__)
