"""Cells that break one rule each, put into the small edition."""

LV6 = "LV-LKI:6:EQF:6"
DIPLOMA = "lv-lki--bakalaura-diploms"
TREATY = "benelux-baltic-2024"

# Table, row, cell, line of the row, and the rule.
BROKEN_CELLS = [
    ("levels", "EQF:5", {"ordinal": ""}, 2, "value_missing"),
    ("levels", "EQF:5", {"ordinal": "5.0"}, 2, "wrong_type"),
    ("levels", "EQF:5", {"ordinal": "-1"}, 2, "too_small"),
    ("level_alignments", LV6, {"valid_from": "2012-02-30"}, 3, "wrong_type"),
    ("level_alignments", LV6, {"valid_from": "20120201"}, 3, "wrong_type"),
    ("level_alignments", LV6, {"document_year": "12"}, 3, "wrong_type"),
    ("level_alignments", LV6, {"relation": "same"}, 3, "unknown_word"),
    (
        "agreement_titles",
        f"{TREATY}:LV:5:1",
        {"applicable": "x"},
        3,
        "unknown_word",
    ),
    ("professions", "dentist", {"isco08": "22 61"}, 2, "pattern_not_met"),
    ("competent_authorities", "vm", {"url": "www.vm.lv"}, 2, "not_an_address"),
    ("organisations", "aic", {"name": "A\u202eIC"}, 2, "forbidden_character"),
    ("organisations", "aic", {"name": "A\nIC"}, 2, "forbidden_character"),
    ("organisations", "aic", {"name": "Be\u0304rzin\u0327s\u030c"}, 2, "not_nfc"),
    ("organisations", "aic", {"name": " AIC"}, 2, "outer_space"),
    ("frameworks", "LV-LKI", {"hubs": "EQF;"}, 5, "empty_or_spaced_item"),
    ("frameworks", "LV-LKI", {"hubs": "EQF; QF-EHEA"}, 5, "empty_or_spaced_item"),
    ("frameworks", "LV-LKI", {"hubs": "EQF;EQF"}, 5, "item_twice"),
    # References.
    ("organisations", "aic", {"jurisdiction": "XX"}, 2, "unknown_reference"),
    ("frameworks", "LV-LKI", {"hubs": "EQF;AQRF"}, 5, "unknown_reference"),
    (
        "competent_authorities",
        "vm",
        {"professions": "dentist;nurse"},
        2,
        "unknown_reference",
    ),
    ("qualifications", DIPLOMA, {"level": "8"}, 2, "level_of_another_framework"),
    (
        "reference_qualifications",
        "be-fl--bachelor",
        {"levels": "6;5"},
        2,
        "level_of_another_framework",
    ),
    (
        "reference_qualifications",
        "be-fl--bachelor",
        {"eqf_levels": "6;9"},
        2,
        "level_of_another_framework",
    ),
    ("levels", "QF-EHEA:1", {"parent": "9"}, 6, "level_of_another_framework"),
    # Order.
    ("levels", "EQF:8", {"ordinal": "7"}, 5, "ordinal_twice"),
    ("levels", "LV-LKI:7a", {"parent": "7a"}, 10, "parent_circle"),
    ("frameworks", "LV-LKI", {"predecessor": "LV-LKI"}, 5, "predecessor_circle"),
    ("jurisdictions", "BE-FL", {"part_of": "BE-FL"}, 3, "part_of_circle"),
    # Dates.
    ("level_alignments", LV6, {"valid_to": "2011-12-31"}, 3, "ends_before_begin"),
    ("agreements", TREATY, {"ended_on": "2024-04-30"}, 2, "ended_before_entry"),
    (
        "agreement_parties",
        f"{TREATY}:LV",
        {"withdrawn_on": "2024-04-30"},
        3,
        "withdrawn_before_entry",
    ),
    # Evidence.
    ("organisations", "aic", {"source": ""}, 2, "source_missing"),
    ("organisations", "aic", {"source": "hearsay"}, 2, "source_unknown"),
    ("organisations", "aic", {"evidence": "certain"}, 2, "unknown_evidence"),
    ("organisations", "aic", {"evidence": ""}, 2, "unknown_evidence"),
    (
        "comparability_statements",
        "aic-1",
        {"legal_basis": ""},
        2,
        "legal_without_basis",
    ),
    ("comparability_statements", "aic-1", {"objects": ""}, 2, "object_missing"),
    (
        "comparability_statements",
        "aic-1",
        {"objects": "be-fl--bachelor"},
        2,
        "one_of_one",
    ),
    # Relations.
    ("qualifications", DIPLOMA, {"level": ""}, 2, "assigned_without_level"),
    (
        "qualifications",
        DIPLOMA,
        {"level_status": "unverified"},
        2,
        "level_not_assigned",
    ),
    (
        "agreement_titles",
        f"{TREATY}:LV:6:1",
        {"title": ""},
        2,
        "listed_without_title",
    ),
    (
        "agreement_titles",
        f"{TREATY}:LV:5:1",
        {"title": "Cits"},
        3,
        "title_in_a_hole",
    ),
]
