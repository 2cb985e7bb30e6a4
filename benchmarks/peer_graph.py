"""The alignments as a graph of NetworkX, asked as one would ask a graph."""

from datetime import date
from typing import Any

import networkx as nx

from recognition_service.equivalence.question import Question
from recognition_service.frameworks.rows import FrameworkKind
from recognition_service.frameworks.tables import Tables

_FIRST, _LAST = date.min, date.max


def graph_of(tables: Tables) -> Any:
    """Return levels as nodes, and alignments as edges in both directions."""
    graph = nx.MultiDiGraph()
    hubs = {
        code for code, row in tables.frameworks.items() if row.kind is FrameworkKind.HUB
    }
    graph.graph["hubs"] = hubs
    for row in tables.level_alignments.values():
        if row.level_b is None:
            continue
        one, other = (row.framework_a, row.level_a), (row.framework_b, row.level_b)
        told = {
            "row": row,
            "since": row.valid_from or _FIRST,
            "until": row.valid_to or _LAST,
        }
        graph.add_edge(one, other, **told)
        graph.add_edge(other, one, **told)
    return graph


def ask_graph(graph: Any, question: Question) -> list[object]:
    """Ask for edges to the target first, then for one hop through a hub."""
    start = (question.framework, question.level)
    day, target = question.awarded_on, question.target_framework
    if start not in graph:
        return []
    found = _rows(graph, start, target, day)
    if found:
        return found
    hops = []
    for hub, edges in graph.adj[start].items():
        if hub[0] in graph.graph["hubs"] and any(
            edge["since"] <= day <= edge["until"] for edge in edges.values()
        ):
            hops += _rows(graph, hub, target, day)
    return hops


def _rows(graph: Any, start: Any, target: str | None, day: Any) -> list[object]:
    return [
        edge["row"]
        for node, edges in graph.adj[start].items()
        if node[0] == target
        for edge in edges.values()
        if edge["since"] <= day <= edge["until"]
    ]
