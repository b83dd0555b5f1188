"""The house: no file imports one that imports it, whenever it does so, and no floor knows the one above it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from enum import Enum
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = ("capgain.engine", "capgain.workbook", "capgain.addin")
"""From the ground up: a floor may import those before it."""


class When(Enum):
    """When an import happens."""

    LOADING = "when the file is loaded"
    CHECKING = "for the type checker"
    CALLED = "when a function is called"


Imports = Mapping[str, Mapping[When, frozenset[str]]]
"""What each module imports, by its dotted name."""


def files_of(root: Path) -> dict[str, str]:
    """The text of every module below the source roots of the tree."""
    found = {}
    for source in ("engine", "workbook", "addin"):
        for path in sorted((root / source).rglob("*.py")):
            parts = path.relative_to(root / source).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path.read_text(encoding="utf-8")
    return found


def imports_of(files: Mapping[str, str]) -> Imports:
    """Who imports whom; a name imported from a package counts as its module where there is one of that name."""
    graph = {}
    for name, text in files.items():
        by_time: dict[When, set[str]] = {when: set() for when in When}
        for when, imported in imports_in(ast.parse(text), When.LOADING):
            package = imported.rpartition(".")[0]
            known = imported if imported in files else package
            if known in files and known != name:
                by_time[when].add(known)
        graph[name] = {when: frozenset(found) for when, found in by_time.items()}
    return graph


def imports_in(node: ast.AST, when: When) -> Iterator[tuple[When, str]]:
    """Every dotted name imported below a node."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from ((when, alias.name) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert not child.level, f"line {child.lineno}: imports are written in full"
            yield from ((when, f"{child.module}.{alias.name}") for alias in child.names)
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            yield from imports_in(child, When.CHECKING)
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from imports_in(child, When.CALLED)
        else:
            yield from imports_in(child, when)


def circle(graph: Imports, times: frozenset[When]) -> list[str]:
    """Modules that import one another in a ring; none where there is no ring."""
    sorter = TopologicalSorter({name: set().union(*(by[when] for when in times)) for name, by in graph.items()})
    try:
        sorter.prepare()
    except CycleError as found:
        return list(found.args[1])
    return []


TREE = imports_of(files_of(ROOT))
ALWAYS = frozenset(When)


@pytest.mark.parametrize(
    "times",
    [
        pytest.param({When.LOADING}, id="loading"),
        pytest.param({When.LOADING, When.CHECKING}, id="with imports for the type checker"),
        pytest.param({When.LOADING, When.CALLED}, id="with imports within functions"),
        pytest.param(ALWAYS, id="all"),
    ],
)
def test_there_is_no_circle_of_imports(times: frozenset[When]) -> None:
    assert circle(TREE, frozenset(times)) == []


def test_every_module_of_the_tree_is_looked_at() -> None:
    assert len(TREE) > 300
    assert {name.rpartition(".")[0] for name in TREE} >= set(FLOORS)
    assert all(any(by[when] for by in TREE.values()) for when in When)


@pytest.mark.parametrize("floor", FLOORS[:-1])
def test_a_floor_imports_none_above_it(floor: str) -> None:
    above = tuple(f"{other}." for other in FLOORS[FLOORS.index(floor) + 1 :])
    wrong = [
        f"{name} imports {imported}"
        for name, by_time in TREE.items()
        if f"{name}.".startswith(f"{floor}.")
        for imported in frozenset().union(*by_time.values())
        if f"{imported}.".startswith(above)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("second", "times"),
    [
        ("from capgain.engine.a import x", {When.LOADING}),
        ("if TYPE_CHECKING:\n    from capgain.engine import a", {When.LOADING, When.CHECKING}),
        ("def late():\n    import capgain.engine.a", {When.LOADING, When.CALLED}),
    ],
)
def test_a_circle_is_found(second: str, times: set[When]) -> None:
    graph = imports_of({"capgain.engine.a": "from capgain.engine.b import y", "capgain.engine.b": second})
    assert set(circle(graph, frozenset(times))) == {"capgain.engine.a", "capgain.engine.b"}
    assert bool(circle(graph, frozenset({When.LOADING}))) == (times == {When.LOADING})
