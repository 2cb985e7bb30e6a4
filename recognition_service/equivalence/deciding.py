"""Which instruments and published lists can ever let a rule decide.

Whether a rule decides about one question is found by comparing; here only what no
question could make decide is told apart.
"""

from recognition_service.frameworks.instruments import Binding, Decides
from recognition_service.frameworks.packed_rows import cells
from recognition_service.frameworks.rows import Evidence
from recognition_service.frameworks.tables import Tables

DECIDING_BINDINGS = frozenset({Binding.LEGAL, Binding.LIST})
"""The legal force that a published statement needs before it can decide."""


def can_decide(tables: Tables, name: str) -> bool:
    """Tell whether a rule could decide under an agreement or from a list.

    Args:
        tables: The tables in force.
        name: An agreement whose listed titles decide; the agreement that binding
            statements carry out; or the source of binding statements that carry
            out none. The statements count once they were read in their source.
    """
    agreement = tables.agreements.get(name)
    if agreement is not None and agreement.decides is Decides.LEVEL_LISTED:
        return True
    statements = cells(
        tables.comparability_statements, "instrument", "source", "binding", "evidence"
    )
    return any(
        name == (instrument or source)
        for instrument, source, binding, evidence in statements
        if binding in DECIDING_BINDINGS and evidence is Evidence.SOURCE_READ
    )
