"""Pages work on a telephone, without scripts, and reach nobody else."""

import pytest

pytestmark = pytest.mark.browser
PATHS = (
    "/",
    "/verify",
    "/claim",
    "/equivalences?origin=LV&destination=BE-FR&held=LV-LKI:6&awarded_on=2019-06-28",
    "/equivalences?origin=MK&destination=HR&held=MK-MQF:7A&awarded_on=2019-06-28",
    "/equivalences?origin=NZ&destination=AE&held=NZ-NZQCF:7&lang=fr",
    "/directory",
    "/directory?origin=FR&destination=ES&profession=nurse_general",
    "/directory?origin=MA&destination=BE-FR&lang=fr",
    "/directory?origin=LV&destination=BE-FL",
    "/corridors",
    "/corridors/FR/DE",
    "/corridors/TN/BE-FL?lang=fr",
    "/programmes",
    "/programmes/aptc?lang=fr",
    "/programmes/aptc/report?lang=fr",
    "/programmes/compare?programme=thamm&programme=lu-cv&programme=jp-nurses",
    "/statistics",
    "/statistics?lang=fr",
    "/vct/recognition/1",
    "/schemas/recognition/v1.json",
)


@pytest.mark.parametrize("path", PATHS)
def test_fits_a_narrow_screen_and_reaches_nobody_else(tab, site, path):
    tab.goto(path)
    width = tab.locator("html").evaluate("html => html.scrollWidth")
    assert width <= 360
    assert [url for url in tab.asked if not url.startswith(site)] == []
    assert tab.complained == []


@pytest.mark.parametrize("path", PATHS)
def test_targets_are_large_enough(tab, path):
    """Source: WCAG 2.2, success criterion 2.5.8 (links inside sentences excepted)."""
    tab.goto(path)
    inputs = "input:not([type=hidden]), select, textarea"
    targets = tab.locator(f"button, {inputs}, .nav a, .go, .brand")
    for target in targets.all():
        box = target.bounding_box()
        assert box["height"] >= 24
        assert box["width"] >= 24


def test_paper_shows_what_the_directory_unfolds(tab):
    tab.goto("/directory?origin=FR&destination=ES&profession=nurse_general")
    papers = tab.get_by_text("health certificate, if the authority asks for it").first
    assert not papers.is_visible()
    tab.emulate_media(media="print")
    assert papers.is_visible()
    assert papers.bounding_box()["height"] > 0
    assert not tab.locator("summary").first.is_visible()


def test_a_fee_is_shown_with_its_source(tab):
    tab.goto("/directory?origin=LV&destination=BE-FL")
    fee = tab.locator("#fee ~ ul li").first.inner_text()
    assert "from 1200.00 EUR to 999999999999.99 EUR" in fee
    assert "Stated by Recognition centre of Flanders (example)" in fee


def test_an_employer_pastes_and_sees_a_verdict(tab):
    tab.goto("/")
    tab.get_by_role("link", name="Check an attestation").click()
    tab.get_by_label("Paste the attestation").fill("not an attestation")
    tab.get_by_role("button", name="Check").click()
    assert tab.get_by_role("heading", level=1).inner_text() == "Not genuine"


def test_an_employer_uploads_and_sees_a_verdict(tab):
    tab.goto("/verify")
    file = {"name": "a.jwt", "mimeType": "application/vc+jwt", "buffer": b"nothing"}
    tab.get_by_label("Choose the file").set_input_files(file)
    tab.get_by_role("button", name="Check").click()
    assert tab.get_by_role("heading", level=1).inner_text() == "Not genuine"


def test_an_error_takes_the_focus_and_leads_to_the_field(tab):
    tab.goto("/verify")
    tab.get_by_role("button", name="Check").click()
    summary = tab.get_by_role("alert")
    assert summary.evaluate("box => box === document.activeElement")
    summary.get_by_role("link").click()
    assert tab.url.endswith("#credential")


def test_the_first_stop_of_the_keyboard_is_the_way_to_the_content(tab):
    tab.goto("/claim")
    tab.keyboard.press("Tab")
    focused = tab.locator(":focus")
    assert focused.inner_text() == "Skip to the content"
    assert focused.bounding_box()["y"] >= 0


def test_a_choice_of_language_stays(tab):
    tab.goto("/")
    tab.get_by_role("link", name="Français").click()
    tab.get_by_role("link", name="Saisir votre code").click()
    assert (
        tab.get_by_role("heading", level=1).inner_text() == "Retirer votre attestation"
    )


def test_programmes_are_found_chosen_and_compared(tab):
    tab.goto("/")
    tab.get_by_role("link", name="See the programmes").click()
    tab.get_by_label("From", exact=True).select_option("MA")
    tab.get_by_role("button", name="Show the programmes").click()
    for name in ("THAMM-Enabel", "WAFIRA"):
        tab.get_by_label(f"Choose for comparison: {name}").check()
    tab.get_by_role("button", name="Compare the chosen ones").click()
    assert tab.get_by_role("columnheader").all_inner_texts() == [
        "Element",
        "WAFIRA",
        "THAMM-Enabel",
    ]
    tab.get_by_label("Add a programme").select_option("aptc")
    tab.get_by_role("button", name="Add").click()
    assert tab.get_by_role("columnheader").count() == 4


def test_a_question_is_asked_step_by_step(tab):
    tab.goto("/equivalences")
    tab.get_by_label("Awarded in").select_option("LV")
    tab.get_by_label("To be used in").select_option("BE-FR")
    tab.get_by_role("button", name="Show the answer").click()
    tab.get_by_label("Its level").select_option("LV-LKI:6")
    tab.get_by_role("button", name="Show the answer").click()
    assert "The levels can be compared" in tab.locator("main").inner_text()


DRAWN = (
    "/equivalences?origin=LV&destination=BE&held=LV-LKI:6&awarded_on=2019-06-28",
    "/equivalences?origin=MK&destination=HR&held=MK-MQF:7A&awarded_on=2019-06-28",
    "/equivalences?origin=CR&destination=ES&held=CR-MNC-EFTP:1&lang=fr",
    "/equivalences?origin=LV&destination=BE-FL&lang=fr&qualification=lv-lki--bakalaura-diploms",
)


@pytest.mark.parametrize("path", DRAWN)
def test_words_of_a_picture_keep_their_size_and_stay_inside_it(tab, path):
    tab.goto(path)
    picture = tab.get_by_role("img", name="niveaux" if "fr" in path else "levels")
    frame = picture.bounding_box()
    for text in picture.locator("text").all():
        box = text.bounding_box()
        assert box["x"] >= frame["x"] - 0.5
        assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 0.5
        size = text.evaluate(
            "text => parseFloat(getComputedStyle(text).fontSize)"
            " * text.getScreenCTM().a"
        )
        assert size >= 12


@pytest.mark.parametrize("path", DRAWN)
def test_words_of_a_rung_stay_inside_the_rung(tab, path):
    tab.goto(path)
    boxes = [
        rung.bounding_box()
        for rung in tab.locator(".ladder .rung, .ladder .rail").all()
    ]
    for text in tab.locator(".ladder g text").all():
        box = text.bounding_box()
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        around = [
            each
            for each in boxes
            if each["x"] <= middle[0] <= each["x"] + each["width"]
            and each["y"] <= middle[1] <= each["y"] + each["height"]
        ]
        for each in around:
            assert each["x"] <= box["x"] + 0.5
            assert box["x"] + box["width"] <= each["x"] + each["width"] + 0.5


def test_a_corridor_is_chosen_and_leads_to_an_answer(tab):
    tab.goto("/equivalences")
    tab.get_by_role("link", name="What is published between two places").click()
    tab.get_by_label("Awarded in").select_option("LV")
    tab.get_by_label("To be used in").select_option("BE-FL")
    tab.get_by_role("button", name="Show the corridor").click()
    assert tab.url.endswith("/corridors/LV/BE-FL")
    tab.get_by_role("link", name="Bakalaura diploms", exact=True).click()
    assert "A treaty settles this" in tab.locator("main").inner_text()
