"""The codes that the source can raise, read off the source itself.

A code is written as a literal where its problem is made: as the argument `code` of a function, method or class that has
a parameter or field of that name (`Problem`, `Misread`, `books.error`, `books.warn` …), or as a local variable handed
on to it. A refusal (`CapgainError`) has the code of its class.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = ("engine", "workbook", "addin")

NEVER_PROBLEMS = {
    "CannotEdit": "import and prices tell it as UNREADABLE_IMPORT",
    "CapgainError": "the base of all refusals",
    "Failure": "a cell shows it as an error value, CAPGAIN_WHY says why",
    "FormulaError": "wrong usage of `capgain eval`: exit code 2",
    "InstallationError": "`capgain addin` prints no JSON",
    "InvalidLedger": "carries the problems of the ledger itself",
    "InvalidYearData": "a faulty table of ours, which no release has",
    "MissingForm": "the package and its Readme name a form that is missing",
    "NotBehindLine": "wrong usage of `capgain explain`: exit code 2",
    "NotASetting": "wrong usage of --set: exit code 2",
    "UnknownFormat": "gathered over all files into UnknownFiles",
    "UnknownLine": "wrong usage of `capgain explain`: exit code 2",
    "Unsupported": "building the add-in only",
    "UnknownZone": "wrong usage of --time-zone and --source-zone: exit code 2; in Settings UNKNOWN_TIME_ZONE",
    "UnreadableStatement": "import tells it as UNREADABLE_IMPORT",
    "UnusableForm": "`capgain forms add` lists the files it refuses",
    "WorksheetRefused": "wrong usage of `capgain worksheet`: exit code 2",
}
"""Refusals that no command prints as a problem, and why."""

MESSAGE_BOXES = ("addin/capgain/addin/excel/", "addin/capgain/addin/libreoffice/")
"""What stands below is told in a message box of Excel or LibreOffice, never as a problem."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a code stands in the source."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Raised:
    """`codes` and where each is raised; `unclear` are places whose code is no literal."""

    codes: Mapping[str, tuple[Place, ...]]
    unclear: tuple[Place, ...]


def raised_codes(root: Path = ROOT) -> Raised:
    """Every code of the three source roots under `root`."""
    trees = [
        (path.relative_to(root).as_posix(), ast.parse(path.read_text(encoding="utf-8")))
        for source in SOURCES
        for path in sorted((root / source).rglob("*.py"))
    ]
    shared = _takers((tree for _, tree in trees), lambda name: not name.startswith("_"))
    codes: defaultdict[str, list[Place]] = defaultdict(list)
    unclear: list[Place] = []
    for file, tree in trees:
        own = _takers((tree,), lambda name: name.startswith("_"))
        for call, within in _calls(tree):
            argument = _code_of(call, {**shared, **own})
            if argument is None:
                continue
            for found in _literals(argument, within):
                place = Place(file, argument.lineno)
                if found is None:
                    unclear.append(place)
                else:
                    codes[found].append(place)
    for name, place in _refusals(trees).items():
        codes[code_of_class(name)].append(place)
    return Raised({code: tuple(places) for code, places in sorted(codes.items())}, tuple(unclear))


def code_of_class(name: str) -> str:
    """`UnknownYear` is UNKNOWN_YEAR."""
    return "".join(f"_{letter}" if letter.isupper() and place else letter for place, letter in enumerate(name)).upper()


_Takers = Mapping[str, set[int]]


def _takers(trees: Iterable[ast.Module], is_wanted: Callable[[str], bool]) -> _Takers:
    """Names of functions and classes that take a text `code`, with the places where it can stand among arguments."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for tree in trees:
        for node in ast.walk(tree):
            if not isinstance(node, ast.ClassDef | ast.FunctionDef) or not is_wanted(node.name):
                continue
            if isinstance(node, ast.ClassDef):
                fields = [
                    part for part in node.body if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name)
                ]
                for place, field in enumerate(fields):
                    if field.target.id == "code" and _is_text(field.annotation):  # type: ignore[union-attr]
                        found[node.name].add(place)
            else:
                arguments = [one for one in node.args.args if one.arg not in ("self", "cls")]
                for place, argument in enumerate(arguments):
                    if argument.arg == "code" and _is_text(argument.annotation):
                        found[node.name].add(place)
    return found


def _is_text(annotation: ast.expr | None) -> bool:
    return isinstance(annotation, ast.Name) and annotation.id == "str"


_Function = ast.FunctionDef | ast.Module


def _calls(tree: ast.Module) -> Iterator[tuple[ast.Call, _Function]]:
    """Every call with the function it stands in."""

    def within(node: ast.AST, function: _Function) -> Iterator[tuple[ast.Call, _Function]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call):
                yield child, function
            yield from within(child, child if isinstance(child, ast.FunctionDef) else function)

    yield from within(tree, tree)


def _code_of(call: ast.Call, takers: _Takers) -> ast.expr | None:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if name not in takers:
        return None
    for keyword in call.keywords:
        if keyword.arg == "code":
            return keyword.value
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return None
    return next((call.args[place] for place in takers[name] if place < len(call.args)), None)


def _literals(node: ast.expr, within: _Function) -> Iterator[str | None]:
    """The texts an argument can be; None for what cannot be told. A parameter named `code` is told by its callers."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body, within)
        yield from _literals(node.orelse, within)
    elif isinstance(node, ast.Attribute) and node.attr in ("code", "problem_code"):
        return
    elif isinstance(node, ast.Name):
        if isinstance(within, ast.FunctionDef) and node.id == "code" and _has_parameter(within, "code"):
            return
        yield from _assigned(within, node.id) or [None]
    else:
        yield None


def _has_parameter(function: ast.FunctionDef, name: str) -> bool:
    return any(argument.arg == name for argument in (*function.args.args, *function.args.kwonlyargs))


def _assigned(within: _Function, name: str) -> list[str | None]:
    """Texts assigned to a local variable, also as a part of tuples such as `code, why = "A_CODE", "why"`."""
    found: list[str | None] = []
    for node in ast.walk(within):
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            if isinstance(target, ast.Name) and target.id == name:
                found += _literals(node.value, within)
            elif isinstance(target, ast.Tuple):
                place = next((i for i, one in enumerate(target.elts) if getattr(one, "id", "") == name), None)
                if place is not None:
                    found += _parts(node.value, place, within)
    return found


def _parts(value: ast.expr, place: int, within: _Function) -> Iterator[str | None]:
    if isinstance(value, ast.Tuple):
        yield from _literals(value.elts[place], within)
    elif isinstance(value, ast.IfExp):
        yield from _parts(value.body, place, within)
        yield from _parts(value.orelse, place, within)
    else:
        yield None


def _refusals(trees: list[tuple[str, ast.Module]]) -> Mapping[str, Place]:
    """The classes of refusals that a command can print as a problem."""
    bases: dict[str, tuple[list[str], Place]] = {}
    for file, tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                names = [base.id for base in node.bases if isinstance(base, ast.Name)]
                bases[node.name] = names, Place(file, node.lineno)

    def is_refusal(name: str) -> bool:
        return name == "CapgainError" or any(map(is_refusal, bases.get(name, ([], None))[0]))

    return {
        name: place
        for name, (_, place) in bases.items()
        if is_refusal(name) and name not in NEVER_PROBLEMS and not place.file.startswith(MESSAGE_BOXES)
    }
