"""Equivalences are asked as by the interface, with or without an installation."""

import pytest

ASKED = (
    "--origin=LV",
    "--destination=BE-FL",
    "--qualification=lv-lki--bakalaura-diploms",
    "--awarded-on=2019-06-28",
)


def test_a_treaty_rule_answers_from_the_edition_in_force(answer, data_dir, runtime):
    found = answer("equivalences", *ASKED, "--data-dir", data_dir)
    assert found["result"] == "treaty_rule"
    assert found["decides"] is True
    assert found["edition"]["base"] == runtime.snapshot().edition.base
    assert all(reason["text"] for reason in found["reasons"])


def test_without_an_installation_the_shipped_tables_answer_alike(
    recognition, answer, data_dir, tmp_path
):
    stored = answer("equivalences", *ASKED, "--data-dir", data_dir)
    assert answer("equivalences", *ASKED) == stored
    assert "tables that come with" in recognition("equivalences", *ASKED).stderr
    assert not (tmp_path / "recognition-data").exists()


def test_a_person_reads_the_result_first(recognition):
    out = recognition(
        "equivalences",
        *("--origin", "LV", "--framework", "LV-LKI", "--level", "6"),
        *("--destination", "BE-FR", "--awarded-on", "2019-06-28"),
    ).stdout
    assert out.startswith("level information\n")
    assert "  BE-FR-CFC 6 (" in out


LEVEL = (
    *("--origin", "LV", "--framework", "LV-LKI", "--level", "6"),
    *("--destination", "BE-FR", "--awarded-on", "2019-06-28"),
)


def test_a_person_reads_the_answer_in_one_paragraph(recognition):
    out = recognition("equivalences", *LEVEL, "--lang", "fr").stdout
    assert "délivrée le 28 juin 2019" in out
    assert "Un niveau n\u2019est pas une décision" in out


def test_draws_the_levels_into_a_file(answer, tmp_path):
    file = tmp_path / "levels.svg"
    document = answer("equivalences", *LEVEL, "--svg", file)
    picture = file.read_text(encoding="utf-8")
    assert document["result"] == "level_information"
    assert picture.startswith("<?xml")
    for words in ("LV-LKI 6", "BE-FR-CFC", "<style>", "</svg>"):
        assert words in picture


def test_draws_a_missing_relation_as_missing(recognition, tmp_path):
    file = tmp_path / "levels.svg"
    asked = ("--origin=NZ", "--framework=NZ-NZQCF", "--level=7", "--destination=AE")
    recognition("equivalences", *asked, "--svg", file)
    picture = file.read_text(encoding="utf-8")
    assert "it was not endorsed" in picture.replace("</text>", " ")
    assert 'class="end"' not in picture


def test_a_file_that_cannot_be_written_is_told(recognition, tmp_path):
    file = tmp_path / "nowhere" / "levels.svg"
    result = recognition("equivalences", *LEVEL, "--svg", file, exit_code=2)
    assert "cannot be written" in result.stderr


def test_an_unknown_code_names_the_nearest(recognition):
    result = recognition(
        "equivalences",
        *("--origin", "LV", "--framework", "LV-LK", "--level", "6"),
        "--destination=BE-FR",
        exit_code=2,
    )
    assert "Did you mean LV-LKI" in result.stderr


@pytest.mark.parametrize(
    "wrong",
    [
        (),
        ("--qualification=x", "--framework=LV-LKI", "--level=6"),
        ("--qualification=x", "--awarded-on=last year"),
        ("--qualification=x", "--purpose=fun"),
        ("--qualification=x", "--facts=[]"),
        ("--qualification=x", '--facts={"grade": "8"}'),
        ("--qualification=x", '--facts={"final_grade": 8.5}'),
    ],
)
def test_a_question_that_is_none_is_a_wrong_call(recognition, wrong):
    asked = ("equivalences", "--origin=LV", "--destination=BE-FR", *wrong)
    assert recognition(*asked, exit_code=2).stdout == ""


def ask_indonesian(recognition, *more, **changes):
    return recognition(
        "equivalences",
        *("--origin=ID", "--destination=DE", "--purpose=academic_access"),
        "--qualification=id--indonesian-school-leaving-certificate",
        "--awarded-on=2019-06-28",
        *more,
        **changes,
    )


def test_a_missing_fact_is_said(recognition):
    printed = ask_indonesian(recognition).stdout
    assert "(unknown): Final grade: at least 8.0/10; needs the final grade" in printed


def test_a_fact_meets_a_condition(recognition):
    printed = ask_indonesian(recognition, '--facts={"final_grade": "8.5/10"}').stdout
    assert "Condition (yes): Final grade: at least 8.0/10" in printed


def test_a_fact_that_does_not_fit_is_named(recognition):
    facts = '--facts={"final_grade": "8.5", "shoe_size": 40}'
    refused = " ".join(ask_indonesian(recognition, facts, exit_code=2).stderr.split())
    assert "facts/final_grade" in refused
    assert "facts/shoe_size" in refused
