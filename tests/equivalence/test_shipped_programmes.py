"""What the shipped tables say of programmes, compared with a frozen list.

The list was written down from the two reports' register. It is not read from any
file: a cell that is changed by mistake, a figure that is made up and an "unknown"
that becomes a "no" fail here. The parts are compared with the tables whole.
"""

import pytest

from recognition_service.equivalence.programmes import describe
from recognition_service.frameworks.programmes import Element, ElementValue, Side
from tests.equivalence.editions import shipped_tables

# By programme: cooperation of states, several kinds of partners, training,
# recognition of skills, mobility; then dual certification.
ELEMENTS = {
    "thamm": "yes yes yes generic yes unknown",
    "thamm-enabel": "yes yes yes generic yes unknown",
    "thamm-giz": "yes yes yes generic yes unknown",
    "palim": "generic yes yes generic yes unknown",
    "mentor-2": "yes yes yes unknown yes unknown",
    "mentor-1": "unknown unknown unknown unknown unknown unknown",
    "digi-talents": "unknown unknown yes unknown yes unknown",
    "match": "unknown yes yes generic yes unknown",
    "pem": "generic yes yes generic yes unknown",
    "tn-be-traineeships": "unknown yes yes generic yes unknown",
    "mpf": "unknown unknown unknown unknown unknown unknown",
    "africa-uninet": "yes yes yes unknown yes unknown",
    "asea-uninet": "yes yes yes unknown yes unknown",
    "eurasia-pacific-uninet": "yes yes yes unknown yes unknown",
    "taiwan-austria": "yes yes yes unknown yes unknown",
    "ceepus": "yes yes yes unknown yes unknown",
    "balmr-bg-am": "yes unknown unknown unknown yes unknown",
    "balmr-bg-md": "yes unknown unknown unknown yes unknown",
    "balmr-bg-ge": "yes unknown unknown unknown yes unknown",
    "balmr-bg-ua": "unknown unknown unknown unknown unknown unknown",
    "balmr-bg-by": "unknown unknown unknown unknown unknown unknown",
    "balmr-bg-al": "unknown unknown unknown unknown unknown unknown",
    "balmr-bg-az": "unknown unknown unknown unknown unknown unknown",
    "balmr-bg-kg": "unknown unknown unknown unknown unknown unknown",
    "balmr-bg-tm": "unknown unknown unknown unknown unknown unknown",
    "balmr-bg-uz": "unknown unknown unknown unknown unknown unknown",
    "fr-flow-accords": "yes unknown unknown unknown yes unknown",
    "fr-mobility-ba": "yes unknown unknown unknown yes unknown",
    "fr-mobility-ge": "yes unknown unknown unknown yes unknown",
    "fr-mobility-in": "yes unknown unknown unknown yes unknown",
    "fr-mobility-us": "yes unknown unknown unknown yes unknown",
    "fr-jeunes-professionnels": "yes unknown unknown unknown yes unknown",
    "de-fea-agreements": "yes unknown unknown yes yes unknown",
    "pam": "generic yes yes generic yes unknown",
    "triple-win": "generic yes yes generic yes unknown",
    "fea-nursing-trainees": "generic unknown yes generic yes unknown",
    "gsp-nursing": "generic yes yes yes yes unknown",
    "hand-in-hand": "generic yes generic generic yes unknown",
    "yes-kosovo": "yes yes generic generic yes unknown",
    "pcms-georgia": "yes yes generic generic yes unknown",
    "ie-imgti": "yes unknown yes unknown yes unknown",
    "ie-exchange-permit": "yes unknown unknown unknown yes unknown",
    "ie-atypical-working-scheme": "unknown unknown unknown yes yes unknown",
    "ie-fellows": "yes unknown yes unknown yes unknown",
    "lu-cv": "yes unknown unknown unknown yes unknown",
    "es-gecco": "unknown unknown unknown unknown yes unknown",
    "es-wafira": "yes unknown unknown unknown yes unknown",
    "es-young-generation": "yes unknown yes unknown yes unknown",
    "aptc": "yes yes yes no yes unknown",
    "kr-eps": "yes unknown yes unknown yes unknown",
    "jp-nurses": "yes unknown yes yes yes unknown",
    "jp-titp": "unknown unknown yes unknown yes unknown",
    "jp-ssw": "unknown unknown yes yes yes unknown",
    "heimerer": "unknown unknown yes unknown unknown unknown",
    "dekra": "unknown unknown yes unknown unknown unknown",
    "eu-mp-cv": "yes unknown unknown yes yes unknown",
    "eu-mp-md": "yes unknown unknown yes yes unknown",
    "eu-mp-ge": "yes unknown unknown yes yes unknown",
    "eu-mp-am": "yes unknown unknown yes yes unknown",
    "eu-mp-az": "yes unknown unknown yes yes unknown",
    "eu-mp-ma": "yes unknown unknown yes yes unknown",
    "eu-mp-tn": "yes unknown unknown yes yes unknown",
    "eu-mp-jo": "yes unknown unknown yes yes unknown",
    "eu-mp-by": "yes unknown unknown yes yes unknown",
    "eu-gamm": "unknown unknown unknown unknown unknown unknown",
    "eu-talent-partnerships": "yes yes yes unknown yes unknown",
    "eu-talent-pool": "unknown unknown unknown unknown unknown unknown",
    "un-gcm-gsp": "yes yes yes yes yes unknown",
    "gsp-migration": "unknown yes yes yes unknown unknown",
    "cgd-gsp-model": "yes yes yes unknown yes unknown",
    "lt-ua-mental-health": "unknown yes yes unknown yes unknown",
    "be-amif-health-2022": "unknown unknown unknown unknown unknown unknown",
    "sk-labour-mobility-proposal": "unknown unknown unknown unknown unknown unknown",
    "ms-scholarship-programmes": "unknown unknown unknown unknown unknown unknown",
    "colombo-process": "unknown unknown unknown unknown unknown unknown",
    "apec-capacity-strategy": "unknown unknown unknown unknown unknown unknown",
    "who-bdbg": "unknown unknown unknown unknown unknown unknown",
}
# Programme, kind, from, to, unit, period, years.
FIGURES = [
    ("thamm-enabel", "planned", 350, 350, "persons", "total", None),
    ("thamm-enabel", "planned", 25, 25, "percent", "total", None),
    ("thamm-giz", "planned", 600, 600, "persons", "total", None),
    ("thamm-giz", "achieved", 127, 127, "persons", "total", None),
    ("tn-be-traineeships", "planned", 30, 30, "persons", "total", None),
    ("fr-flow-accords", "achieved", 7, 7, "agreements", "unknown", None),
    ("fr-jeunes-professionnels", "achieved", 11, 11, "agreements", "unknown", None),
    ("fr-jeunes-professionnels", "achieved", 6, 6, "agreements", "unknown", None),
    ("ie-exchange-permit", "achieved", 5, 5, "agreements", "unknown", None),
    ("lu-cv", "planned", None, 10, "persons", "per_year", None),
    ("es-young-generation", "achieved", 100, 100, "persons", "total", None),
    ("aptc", "achieved", 10000, None, "persons", "total", 8),
    ("aptc", "achieved", None, 2, "percent", "total", 8),
    ("kr-eps", "planned", 40000, 50000, "persons", "per_year", None),
    ("kr-eps", "achieved", 30000, None, "persons", "total", 10),
    ("kr-eps", "achieved", 3, 3, "percent", "total", 10),
]
# Programme, kind, least and greatest age; least, greatest and renewed months.
LIMITS = [
    ("match", "stay", None, None, None, None, None),
    ("pem", "stay", None, None, None, None, None),
    ("tn-be-traineeships", "stay", None, None, None, 6, None),
    ("africa-uninet", "stay", None, None, None, None, None),
    ("asea-uninet", "stay", None, None, None, None, None),
    ("eurasia-pacific-uninet", "stay", None, None, None, None, None),
    ("taiwan-austria", "stay", None, None, None, None, None),
    ("ceepus", "stay", None, None, None, None, None),
    ("balmr-bg-am", "stay", None, None, None, None, None),
    ("balmr-bg-md", "stay", None, None, None, None, None),
    ("balmr-bg-ge", "stay", None, None, None, None, None),
    ("fr-jeunes-professionnels", "stay", None, None, None, 18, None),
    ("de-fea-agreements", "stay", None, None, None, None, None),
    ("ie-imgti", "stay", None, None, None, 24, 12),
    ("ie-exchange-permit", "stay", None, None, None, 24, None),
    ("ie-atypical-working-scheme", "stay", None, None, None, None, None),
    ("ie-fellows", "stay", None, None, None, 12, None),
    ("lu-cv", "age", 18, 35, None, None, None),
    ("lu-cv", "stay", None, None, 3, 18, None),
    ("es-gecco", "stay", None, None, None, None, None),
    ("es-young-generation", "stay", None, None, None, None, None),
    ("kr-eps", "stay", None, None, None, 120, None),
]
# Programme, what, payer, type of payer, share.
COSTS = [
    ("tn-be-traineeships", "housing", "IOM", "donor", None),
    ("tn-be-traineeships", "monthly allowance", "IOM", "donor", None),
    ("africa-uninet", "stay", None, "unknown", None),
    ("africa-uninet", "travel", None, "unknown", None),
    ("asea-uninet", "stay", None, "unknown", None),
    ("asea-uninet", "travel", None, "unknown", None),
    ("eurasia-pacific-uninet", "stay", None, "unknown", None),
    ("eurasia-pacific-uninet", "travel", None, "unknown", None),
    ("taiwan-austria", "stay", None, "unknown", None),
    ("taiwan-austria", "travel", None, "unknown", None),
    ("ceepus", "stay", None, "unknown", None),
    ("ceepus", "travel", None, "unknown", None),
    ("ie-fellows", "all costs of the fellowship", "Irish Aid", "donor", "100"),
    ("es-young-generation", "scholarship", "EU", "donor", None),
    ("aptc", "training, before phase 3", "Australian aid", "donor", None),
    ("aptc", "training, phase 3", "individuals", "beneficiary", None),
    ("aptc", "training, phase 3", "companies", "employer", None),
    ("aptc", "training, phase 3", "industries", "employer", None),
    ("aptc", "training, phase 3", "national authorities", "state", None),
    (
        "kr-eps",
        "language learning in the country of origin",
        "the candidate",
        "beneficiary",
        None,
    ),
    ("cgd-gsp-model", "technology and finance", "destination", "state", None),
    ("cgd-gsp-model", "training", "origin", "state", None),
    ("cgd-gsp-model", "costs", "employers", "employer", None),
]
# Programme, order, place, kind.
PHASES = [
    ("thamm", 1, "origin", "training"),
    ("thamm", 2, "destination", "further_training"),
    ("thamm-enabel", 1, "origin", "training"),
    ("thamm-enabel", 2, "destination", "work"),
    ("thamm-giz", 1, "origin", "preparation"),
    ("thamm-giz", 2, "destination", "training"),
    ("thamm-giz", 2, "destination", "work"),
    ("palim", 1, "origin", "training"),
    ("palim", 2, "destination", "further_training"),
    ("match", None, "destination", "training"),
    ("tn-be-traineeships", 1, "destination", "traineeship"),
    ("tn-be-traineeships", 2, "origin", "return"),
    ("ie-atypical-working-scheme", 1, "destination", "validation"),
    ("ie-atypical-working-scheme", 2, "destination", "work"),
    ("es-gecco", 1, "destination", "work"),
    ("es-gecco", 2, "origin", "return"),
    ("es-young-generation", 1, "destination", "study"),
    ("es-young-generation", 2, "origin", "return"),
    ("kr-eps", 1, "origin", "training"),
    ("kr-eps", 2, "destination", "training"),
    ("jp-nurses", None, "origin", "training"),
    ("jp-nurses", None, "destination", "training"),
    ("lt-ua-mental-health", None, "origin", "training"),
    ("lt-ua-mental-health", None, "destination", "training"),
]
# Programme: countries of origin, countries of destination.
PARTIES = {
    "thamm": "EG MA TN > BE DE",
    "thamm-enabel": "MA TN > BE",
    "thamm-giz": "EG MA TN > DE",
    "palim": "MA > BE-FL",
    "mentor-2": "MA TN > IT",
    "mentor-1": "MA TN > IT",
    "digi-talents": "MD > SK",
    "match": "NG SN > BE IT LU NL",
    "pem": "SN > BE",
    "tn-be-traineeships": "TN > BE",
    "africa-uninet": " > AT",
    "asea-uninet": " > AT",
    "eurasia-pacific-uninet": " > AT",
    "taiwan-austria": "TW > AT",
    "ceepus": " > AT",
    "balmr-bg-am": "AM > BG",
    "balmr-bg-md": "MD > BG",
    "balmr-bg-ge": "GE > BG",
    "balmr-bg-ua": "UA > BG",
    "balmr-bg-by": "BY > BG",
    "balmr-bg-al": "AL > BG",
    "balmr-bg-az": "AZ > BG",
    "balmr-bg-kg": "KG > BG",
    "balmr-bg-tm": "TM > BG",
    "balmr-bg-uz": "UZ > BG",
    "fr-flow-accords": " > FR",
    "fr-mobility-ba": "BA > FR",
    "fr-mobility-ge": "GE > FR",
    "fr-mobility-in": "IN > FR",
    "fr-mobility-us": "US > FR",
    "fr-jeunes-professionnels": " > FR",
    "de-fea-agreements": " > DE",
    "pam": "EC NG VN XK > DE",
    "triple-win": " > DE",
    "fea-nursing-trainees": "SV VN > DE",
    "gsp-nursing": " > DE",
    "hand-in-hand": "BR IN VN > DE",
    "yes-kosovo": "XK > DE",
    "pcms-georgia": "GE > DE",
    "ie-imgti": "PK SD > IE",
    "ie-exchange-permit": " > IE",
    "ie-atypical-working-scheme": " > IE",
    "ie-fellows": " > IE",
    "lu-cv": "CV > LU",
    "es-gecco": " > ES",
    "es-wafira": "MA > ES",
    "es-young-generation": "MA > ES",
    "aptc": " > AU",
    "kr-eps": " > KR",
    "jp-nurses": "ID PH > JP",
    "jp-titp": " > JP",
    "jp-ssw": " > JP",
    "eu-mp-cv": "CV > EU",
    "eu-mp-md": "MD > EU",
    "eu-mp-ge": "GE > EU",
    "eu-mp-am": "AM > EU",
    "eu-mp-az": "AZ > EU",
    "eu-mp-ma": "MA > EU",
    "eu-mp-tn": "TN > EU",
    "eu-mp-jo": "JO > EU",
    "eu-mp-by": "BY > EU",
    "eu-gamm": " > EU",
    "eu-talent-partnerships": " > EU",
    "eu-talent-pool": " > EU",
    "lt-ua-mental-health": "UA > LT",
    "be-amif-health-2022": " > BE",
    "sk-labour-mobility-proposal": " > SK",
    "ms-scholarship-programmes": " > EE LV NL SE",
}
# Programmes whose report speaks of parties without naming them.
UNNAMED = {
    "mpf",
    "africa-uninet",
    "asea-uninet",
    "eurasia-pacific-uninet",
    "taiwan-austria",
    "ceepus",
    "fr-flow-accords",
    "fr-jeunes-professionnels",
    "de-fea-agreements",
    "triple-win",
    "gsp-nursing",
    "ie-imgti",
    "ie-exchange-permit",
    "ie-atypical-working-scheme",
    "ie-fellows",
    "es-gecco",
    "aptc",
    "kr-eps",
    "heimerer",
    "dekra",
    "colombo-process",
}


@pytest.fixture(scope="module")
def programmes():
    return describe(shipped_tables())


def values(table, *names):
    rows = getattr(shipped_tables(), table).values()
    return [tuple(getattr(row, name) for name in ("programme", *names)) for row in rows]


def test_there_are_exactly_these_programmes(programmes):
    assert len(ELEMENTS) == 77
    assert programmes.keys() == ELEMENTS.keys()


@pytest.mark.parametrize("code", ELEMENTS)
def test_says_of_the_elements_what_the_register_says(programmes, code):
    found = programmes[code]
    said = [found.element(element) for element in Element]
    assert " ".join([*said, found.dual_certification]) == ELEMENTS[code]


def test_says_of_no_programme_that_it_gives_two_certificates(programmes):
    said = {found.dual_certification for found in programmes.values()}
    assert said == {ElementValue.UNKNOWN}


def test_figures_are_those_of_the_register():
    names = ("kind", "value_from", "value_to", "unit", "period", "years")
    assert values("programme_figures", *names) == FIGURES


def test_limits_are_those_of_the_register():
    ages, months = ("age_min", "age_max"), ("months_min", "months_max")
    names = ("kind", *ages, *months, "renewal_months")
    assert values("programme_limits", *names) == LIMITS


def test_costs_are_those_of_the_register():
    names = ("what", "payer", "payer_type", "share")
    assert values("programme_costs", *names) == COSTS


def test_phases_are_those_of_the_register():
    assert values("programme_phases", "order", "place", "kind") == PHASES


def test_parties_are_those_of_the_register(programmes):
    for code, found in programmes.items():
        sides = (
            " ".join(filter(None, (party.jurisdiction for party in found.on(side))))
            for side in (Side.ORIGIN, Side.DESTINATION)
        )
        assert " > ".join(sides) == PARTIES.get(code, " > "), code


def test_parties_that_are_not_named_stand_with_what_the_report_says():
    rows = shipped_tables().programme_parties.values()
    unnamed = {row.programme: row.note for row in rows if row.jurisdiction is None}
    assert unnamed.keys() == UNNAMED
    assert all(unnamed.values())


@pytest.mark.parametrize("table", ["figures", "limits", "costs", "phases"])
def test_every_part_names_its_place_in_the_report_and_what_it_says(table):
    for row in getattr(shipped_tables(), f"programme_{table}").values():
        assert row.paper_ref, row.id
        assert row.note or table == "costs" or row.id == "lu-cv:age", row.id


def test_what_the_reports_leave_open_is_told_and_not_settled():
    tables = shipped_tables()
    for code in ("am", "md", "ge"):
        limit = tables.programme_limits[f"balmr-bg-{code}:stay"]
        assert (limit.months_min, limit.months_max) == (None, None)
        assert "21 months" in limit.note
    for code, words in (
        ("ceepus", "six Austrian partnerships"),
        ("fr-mobility-us", "does not say which"),
        ("kr-eps", "2005"),
        ("aptc", "from 2006"),
        ("thamm", "Egypt is a partner of Germany only"),
        ("thamm-enabel", "Signed in August 2020"),
        ("fea-nursing-trainees", "is an assumption"),
        ("yes-kosovo", "“Kosovo”"),
        ("eu-mp-by", "“Biélorussie”"),
        ("lu-cv", "“Cap-Vert”"),
    ):
        assert words in tables.programmes[code].note, code
    assert "as of 2021" in tables.sources["paper-s2-emn"].note
    assert tables.programmes["kr-eps"].start == "2005"
