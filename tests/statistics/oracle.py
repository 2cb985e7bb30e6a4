"""A reader who tries to work out what is hidden, by trying all that is possible."""


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


def hidden(table):
    """Return the keys of what is hidden."""
    keys = [("cell", *place) for place, count in table.cells.items() if count is None]
    keys += [("row", row) for row, count in table.rows.items() if count is None]
    keys += [("column", col) for col, count in table.columns.items() if count is None]
    return [*keys, "total"] if table.total is None else keys


def _fillings(table, places, values=()):
    """Yield the values of all cells, for each filling that fits."""
    position = len(values)
    so_far = dict(zip(places, values, strict=False))
    if position == len(places):
        if _fits(table, so_far, is_whole=True):
            yield values
        return
    if not _fits(table, so_far, is_whole=False):
        return
    known = table.cells[places[position]]
    choices = range(table.total + 1) if known is None else (known,)
    for value in choices:
        yield from _fillings(table, places, (*values, value))


def _fits(table, cells, *, is_whole):
    lines = [
        (table.rows[row], [(row, column) for column in table.columns])
        for row in table.rows
    ]
    lines += [
        (table.columns[column], [(row, column) for row in table.rows])
        for column in table.columns
    ]
    lines.append((table.total, list(table.cells)))
    for total, places in lines:
        known = [cells[place] for place in places if place in cells]
        if total is not None:
            is_done = is_whole or len(known) == len(places)
            if sum(known) > total or (is_done and sum(known) != total):
                return False
    return True
