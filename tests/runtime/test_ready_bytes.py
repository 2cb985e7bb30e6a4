"""Ready documents stay within their room."""

from concurrent.futures import ThreadPoolExecutor

from recognition_service.runtime import ready_bytes
from recognition_service.runtime.ready_bytes import ReadyBytes, ReadyDocuments


def a_document(size, tag="t"):
    return ReadyBytes(b"x" * size, b"", tag)


def test_what_was_put_is_at_hand():
    documents = ReadyDocuments()
    assert documents.get("a") is None
    documents.put("a", a_document(5))
    assert documents.get("a") == a_document(5)


def test_the_first_one_that_was_put_stays():
    documents = ReadyDocuments()
    first = a_document(5)
    documents.put("a", first)
    documents.put("a", a_document(5))
    assert documents.get("a") is first


def test_what_was_not_asked_for_longest_makes_room(monkeypatch):
    monkeypatch.setattr(ready_bytes, "_MOST_BYTES", 30)
    documents = ReadyDocuments()
    for name in "abc":
        documents.put(name, a_document(10))
    documents.get("a")
    documents.put("d", a_document(10))
    assert [name for name in "abcd" if documents.get(name)] == ["a", "c", "d"]


def test_a_document_larger_than_the_room_is_kept_alone(monkeypatch):
    monkeypatch.setattr(ready_bytes, "_MOST_BYTES", 30)
    documents = ReadyDocuments()
    documents.put("a", a_document(10))
    documents.put("b", a_document(100))
    assert documents.get("a") is None
    assert documents.get("b") is not None


def test_many_threads_keep_count(monkeypatch):
    monkeypatch.setattr(ready_bytes, "_MOST_BYTES", 200)
    documents = ReadyDocuments()

    def work(number):
        for turn in range(300):
            name = (number * 7 + turn) % 40
            if documents.get(name) is None:
                documents.put(name, a_document(10))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    kept = [name for name in range(40) if documents.get(name) is not None]
    assert len(kept) == 20
