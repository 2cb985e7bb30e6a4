"""Installations in which Flanders may ask Riga and Rabat."""

import pytest

from tests.builders import bruno
from tests.mutual_recognition.bodies import RABAT, RIGA, bodies


@pytest.fixture
def office(small):
    return bodies(small)


@pytest.fixture
def office_on_sqlite(small_on_sqlite):
    return bodies(small_on_sqlite)


@pytest.fixture
def flanders(office_on_sqlite):
    return bruno(office_on_sqlite)


@pytest.fixture
def riga(office_on_sqlite):
    return bruno(office_on_sqlite, RIGA)


@pytest.fixture
def rabat(office_on_sqlite):
    return bruno(office_on_sqlite, RABAT)
