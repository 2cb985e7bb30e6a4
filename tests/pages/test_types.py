"""The pages that explain what our credentials consist of."""

import base64
import hashlib
import json

import pytest

from recognition_service.credentials.type_metadata import type_integrity, vct_url
from recognition_service.web.pages import types
from recognition_service.wording import LANGUAGES, catalogue

DOCUMENTS = {
    "/vct/recognition/1": "application/json",
    "/schemas/recognition/v1.json": "application/schema+json",
    "/ns/recognition/v1": "application/ld+json",
    "/ns/keys/v1": "application/ld+json",
    "/ns/trust/v1": "application/ld+json",
}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
every_document = pytest.mark.parametrize("address", DOCUMENTS)


@every_document
@pytest.mark.parametrize(
    "accepted", ["*/*", None, "application/json", "application/ld+json, */*;q=0.1"]
)
def test_software_gets_the_document_which_never_changes(client, address, accepted):
    headers = {} if accepted is None else {"Accept": accepted}
    answer = client.get(address, headers=headers)
    assert answer.mimetype == DOCUMENTS[address]
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Accept" in answer.headers["Vary"]
    again = client.get(
        address, headers=headers | {"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304


@every_document
def test_browsers_get_a_page_about_it(client, look, address):
    answer = client.get(address, headers={"Accept": BROWSER})
    assert answer.mimetype == "text/html"
    assert "Accept" in answer.headers["Vary"]
    page = look(address)
    assert f"https://recognition.example{address}" in page.text
    assert page.one("link", rel="alternate")["href"] == address


@every_document
def test_the_page_has_an_address_of_its_own(look, address):
    own = types.html_address(address.removeprefix("/"))
    assert own.endswith(".html")
    assert look(own, Accept="*/*").texts_in("dt") == look(address).texts_in("dt")


@every_document
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_member_has_a_meaning(look, address, language):
    page = look(f"{address}?lang={language}")
    assert page.one("html")["lang"] == language
    assert len(page.all("dt")) >= (5 if address == "/ns/keys/v1" else 20)
    for name, told in explained(page):
        assert told, name


def explained(page):
    """Return each member of a page with what is said about it."""
    names = page.texts_in("dt")
    told = page.source.split("<dt>")[1:]
    return [
        (name, "<dd><p>" in each and "<dd><p></p>" not in each)
        for name, each in zip(names, told, strict=True)
    ]


def test_no_member_is_left_out(client, look):
    metadata = client.get("/vct/recognition/1").json
    paths = [claim["path"] for claim in metadata["claims"] if None not in claim["path"]]
    assert look("/vct/recognition/1").texts_in("dt") == [".".join(p) for p in paths]
    schema = look("/schemas/recognition/v1.json").texts_in("dt")
    assert "credentialSubject.recognition.limitations.code" in schema
    assert "credentialSubject.recognition.reasoning.edition.overlay" in schema
    terms = look("/ns/trust/v1").texts_in("dt")
    assert "RecognizedAction.limitQFLevel" in terms


def test_the_page_says_what_a_holder_may_keep_back(look):
    source = look("/vct/recognition/1").source
    assert shown(source, "recognition.limitations").endswith("Always shown.")
    assert shown(source, "recognition.source").endswith(
        "Shown only if the holder wants."
    )
    assert shown(source, "recognition.remedy").startswith("Present where it applies.")


def shown(source, name):
    _, _, rest = source.partition(f'dir="ltr">{name}</code>')
    return rest.partition('<p class="small quiet">')[2].partition("</p>")[0]


def test_a_term_leads_into_the_vocabulary(look):
    page = look("/ns/trust/v1")
    assert "https://recognition.example/ns/trust/v1#limitQFLevel" in page.text
    assert "https://w3id.org/security#publicKeyJwk" in page.text


def test_the_words_about_keys_are_explained_as_such(look):
    page = look("/ns/keys/v1?lang=en")
    names = page.texts_in("dt")
    assert names == ["name", "purpose", "validFrom", "retiredAt", "compromisedAt"]
    assert "The one thing that the key signs." in page.text
    assert "First instant of use of the key." in page.text
    assert "Name of the authority as it calls itself." in page.text
    assert "https://recognition.example/ns/keys/v1#retiredAt" in page.text


@every_document
def test_the_language_can_be_changed_where_one_is(look, address):
    page = look(address)
    assert page.one("a", hreflang="fr")["href"] == f"{address}?lang=fr"


def test_an_address_like_a_type_that_is_none_is_not_found(client):
    for path in ("/vct/recognition/2", "/vct/recognition/2.html", "/ns/x/v1"):
        assert client.get(path, headers={"Accept": BROWSER}).status_code == 404


def test_the_digest_in_tokens_is_that_of_the_bytes_that_are_served(client):
    served = client.get("/vct/recognition/1").data
    assert json.loads(served)["vct"] == vct_url("https://recognition.example")
    assert type_integrity("https://recognition.example") == sri(served)


def sri(content):
    return "sha256-" + base64.b64encode(hashlib.sha256(content).digest()).decode()


def test_every_meaning_that_is_written_is_used(look):
    """A member that was dropped takes its sentence with it."""
    used = set()
    for address in DOCUMENTS:
        for member in look(address).texts_in("dt"):
            names = [types._plain(name) for name in member.split(".")]
            used.update(("_".join(names[-2:]), names[-1]))
    for language in LANGUAGES:
        written = {
            code.removeprefix("member.")
            for code in catalogue(language)
            if code.startswith("member.")
        }
        assert written - used == set()
