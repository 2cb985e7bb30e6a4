"""What an equivalence look-up by REST costs, beside one ES256 signature.

In CPU time of this process, without a server around the application. The question is
one with an answer in one hop, in English, with its sources and its paragraph.
"""

import io
import os
import statistics
import tempfile
from contextlib import redirect_stderr
from functools import partial
from pathlib import Path

from flask import Flask

from benchmarks.bench_issuing import in_turns, installation, one_signature
from recognition_service.app import create_app
from recognition_service.runtime.settling import settle

QUESTION = (
    "origin=LV&destination=BE-FR&framework=LV-LKI&level=6"
    "&awarded_on=2019-06-28&purpose=general_employment"
)
WARMING = 500


def look_up(app: Flask, query: str) -> bytes:
    """Answer one question in this process, as a server would have it answered."""
    answered: list[str] = []
    environment = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/api/v1/equivalences",
        "SCRIPT_NAME": "",
        "QUERY_STRING": query,
        "SERVER_NAME": "recognition.example",
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.1",
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(b""),
        "wsgi.errors": io.StringIO(),
    }
    content = b"".join(app(environment, lambda status, *_: answered.append(status)))
    if not answered[0].startswith("200"):
        raise SystemExit(content.decode())
    return content


def main() -> None:
    """Measure in a directory that is thrown away; requests are logged to nowhere."""
    with (
        tempfile.TemporaryDirectory() as directory,
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
        redirect_stderr(nowhere),
    ):
        runtime = installation(Path(directory))
        app = create_app(runtime)
        settle(runtime)
        ask = partial(look_up, app, QUESTION)
        for _ in range(WARMING):
            ask()
        each = statistics.median(round_[0] for round_ in in_turns(ask))
        one = one_signature(Path(directory))
        runtime.close()
    print(f"one ES256 signature    {one:8.1f} us CPU    1.00 x")
    print(f"an answer by REST      {each:8.1f} us CPU {each / one:7.2f} x")
    print(f"answers for each second of CPU: {1e6 / each:,.0f}")


if __name__ == "__main__":
    main()
