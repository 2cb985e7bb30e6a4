"""A reader who tries to work out what is hidden, by trying all that is possible."""

from math import comb


def ranges(table):
    """Return the least and the largest value that each hidden count can have.

    What is published is taken as it stands; a hidden total can be anything. Every
    filling of the cells by whole numbers that fits is tried, so that tables must be
    small. Keys are "total", ("row", r), ("column", c) and ("cell", r, c).
    """
    places = list(table.cells)
    found = {}
    for values in _fillings(table, places):
        seen = dict(zip(places, values, strict=True))
        told = {("cell", *place): value for place, value in seen.items()}
        for row in table.rows:
            told["row", row] = sum(seen[row, each] for each in table.columns)
        for column in table.columns:
            told["column", column] = sum(seen[each, column] for each in table.rows)
        told["total"] = sum(values)
        for key, value in told.items():
            least, largest = found.get(key, (value, value))
            found[key] = min(least, value), max(largest, value)
    return {key: found[key] for key in hidden(table) if key in found}


def effort(table):
    """Return how many fillings there are at most: of the hidden cells, by their sum."""
    known = [count for count in table.cells.values() if count is not None]
    number = len(table.cells) - len(known)
    return comb(table.total - sum(known) + number, number)


def hidden(table):
    """Return the keys of what is hidden."""
    keys = [("cell", *place) for place, count in table.cells.items() if count is None]
    keys += [("row", row) for row, count in table.rows.items() if count is None]
    keys += [("column", col) for col, count in table.columns.items() if count is None]
    return [*keys, "total"] if table.total is None else keys


def _fillings(table, places, values=()):
    """Yield the values of all cells, for each filling that fits."""
    position = len(values)
    if position == len(places):
        yield values
        return
    known = table.cells[places[position]]
    left = min(_left(table, places, values))
    choices = range(left + 1) if known is None else (known,)
    for value in choices:
        filled = (*values, value)
        if value <= left and _fits(table, places, filled):
            yield from _fillings(table, places, filled)


def _lines(table):
    """Yield each line of the table that has a known total: it, and its places."""
    for row, total in table.rows.items():
        if total is not None:
            yield total, [(row, column) for column in table.columns]
    for column, total in table.columns.items():
        if total is not None:
            yield total, [(row, column) for row in table.rows]
    yield table.total, list(table.cells)


def _left(table, places, values):
    """Yield what the lines of the next cell have left for it."""
    seen = dict(zip(places, values, strict=False))
    for total, line in _lines(table):
        if places[len(values)] in line:
            yield total - sum(seen.get(place, 0) for place in line)


def _fits(table, places, values):
    """Tell whether no line that is filled misses its total."""
    seen = dict(zip(places, values, strict=False))
    for total, line in _lines(table):
        found = [seen[place] for place in line if place in seen]
        if len(found) == len(line) and sum(found) != total:
            return False
    return True
