"""The house rules on imports and sizes, read from the code itself."""

import ast
from collections import Counter
from pathlib import Path

import pytest

from recognition_service import errors

PACKAGE = Path(errors.__file__).parent
FLOORS = [  # From the ground up: a room imports rooms on lower floors only.
    {"errors", "clock", "wording"},
    {"config", "storage", "frameworks", "credentials"},
    {"equivalence", "regimes", "verification", "documents", "signing"},
    {"authorities"},
    {"exchange"},
    {"editions"},
    {"attestations"},
    {"recognition"},
    {"dual_certification"},
    {"mutual_recognition"},
    {"delivery"},
    {"statistics"},
    {"runtime"},
    {"web", "cli", "worker"},
    {"app"},
    {"__main__"},
]
FLOOR_OF = {room: number for number, floor in enumerate(FLOORS) for room in floor}
CASEWORK = {
    "authorities",
    "exchange",
    "editions",
    "attestations",
    "recognition",
    "dual_certification",
    "mutual_recognition",
    "delivery",
    "statistics",
}
WALLS = {  # These libraries stay in these rooms.
    "flask": {"web", "app"},
    "flask_smorest": {"web", "app"},
    "marshmallow": {"web"},
    "werkzeug": {"web", "app"},
    "jinja2": {"web"},
    "sqlalchemy": CASEWORK | {"storage"},
    "cryptography": {"signing", "credentials"},
    "jwt": set(),
    "rfc8785": {"credentials"},
    "pyld": {"credentials"},
    "pkcs11": {"signing"},
    "jsonschema": set(),
    "typst": {"documents"},
    "anyascii": {"frameworks"},
    "click": {"cli"},
    "granian": {"cli"},
    "alembic": {"cli", "storage"},
    "environs": {"config"},
    "structlog": {"runtime", "web", "worker"},
    "holidays": {"regimes"},
    "httpx": {"worker"},
    "httpcore": {"worker"},
}
NEVER = {("web", "signing")}  # Public keys reach the web through the runtime.
MODULES = sorted(
    path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py"
)
LONGEST_MODULE, LONGEST_FUNCTION = 400, 60
every_module = pytest.mark.parametrize(
    "path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE))
)


def imported_names(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@every_module
def test_imports_run_downwards(path):
    room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    assert room in FLOOR_OF, f"the room {room} stands on no floor"
    for name in imported_names(path):
        library, _, rest = name.partition(".")
        other = rest.partition(".")[0]
        if library == "recognition_service" and other and other != room:
            assert FLOOR_OF[other] < FLOOR_OF[room], name
            assert (room, other) not in NEVER, name
        assert room in WALLS.get(library, {room}), name


@every_module
def test_modules_and_functions_stay_small(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST_MODULE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno < LONGEST_FUNCTION, node.name


def test_every_room_tells_what_it_is_for():
    for sign in PACKAGE.glob("*/__init__.py"):
        tree = ast.parse(sign.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), sign
        assert len(tree.body) == 1, f"{sign} does more than say what the room is for"


def _all_kinds(kind):
    for child in kind.__subclasses__():
        yield child
        yield from _all_kinds(child)


def test_error_codes_are_unique_and_names_end_in_error():
    for path in MODULES:
        if path.name == "errors.py" and path.parent != PACKAGE:
            __import__(f"recognition_service.{path.parent.name}.errors")
    kinds = [
        kind
        for kind in _all_kinds(errors.RecognitionError)
        if kind.__module__.startswith("recognition_service")
    ]
    codes = Counter(kind.code for kind in kinds)
    assert [code for code, number in codes.items() if number > 1] == []
    assert [kind for kind in kinds if not kind.__name__.endswith("Error")] == []
    assert [kind for kind in kinds if not kind.title] == []
