"""VBA made from declarations: one wrapper for each function, and the tables the ribbon's call-backs look into."""

from __future__ import annotations

from collections.abc import Iterator

from capgain.addin.building.ribbon_controls import buttons, choices
from capgain.addin.functions.arguments import Argument
from capgain.addin.functions.registry import FUNCTIONS, Function
from capgain.engine.classes import FilingStatus
from capgain.engine.years import tax_years

CATEGORY = "CapGain"
"""Where the Function Wizard lists the functions."""

LONGEST_TEXT = 255
"""The Function Wizard takes no longer description."""

_KEYWORD_LINES = (
    "and any as boolean byref byte byval call case cdec const currency date debug declare dim do double each else "
    "elseif empty end enum eqv erase error event exit false fix for friend function get global gosub goto if imp "
    "implements in input integer is len let lib like line lock long loop lset me mid mod name new next not nothing "
    "null object on open option optional or paramarray preserve print private property public put raiseevent redim rem "
    "resume return rset seek select set single static step stop string sub then time to true type typeof "
    "unlock until variant wend while with withevents write xor "
)

VBA_KEYWORDS = frozenset(_KEYWORD_LINES.split())
"""Words that cannot, or should not, name a variable in VBA."""


def functions_module() -> str:
    """The module CapGainFunctions: what Excel sees."""
    lines = [
        'Attribute VB_Name = "CapGainFunctions"',
        "Option Explicit",
        "' The worksheet functions. Made from the registry: capgain addin build. None on a Mac, where they could not",
        "' answer and would stand before those of xlwings Lite.",
        "",
        "#If Mac Then",
        "#Else",
    ]
    for function in FUNCTIONS:
        lines += [*_wrapper(function), ""]
    lines += [*_descriptions(), "#End If"]
    return _joined(lines)


def _wrapper(function: Function) -> Iterator[str]:
    names = [variable(argument) for argument in function.arguments]
    parameters = [
        f"{'Optional ' if argument.is_optional else ''}ByVal {name} As Variant"
        for argument, name in zip(function.arguments, names, strict=True)
    ]
    yield f"Public Function {function.name}( _"
    for place, parameter in enumerate(parameters):
        yield f"    {parameter}{', _' if place < len(parameters) - 1 else ') As Variant'}"
    yield f'Attribute {function.name}.VB_Description = "{_quoted(short_text(function.help))}"'
    yield f'Attribute {function.name}.VB_ProcData.VB_Invoke_Func = " \\n14"'
    for argument, name in zip(function.arguments, names, strict=True):
        if argument.is_optional:
            yield f"    If IsMissing({name}) Then {name} = Empty"
    reads_sheets = "True" if function.reads_sheets else "False"
    yield f'    {function.name} = CapGainAnswer("{function.name}", {reads_sheets}, _'
    yield f"        Array({', '.join(names)}))"
    yield "End Function"


def variable(argument: Argument) -> str:
    """The argument's name in VBA: its own, or with `_value` behind it where that is a word of VBA's."""
    return f"{argument.name}_value" if argument.name.casefold() in VBA_KEYWORDS else argument.name


def _descriptions() -> Iterator[str]:
    """Excel keeps these for the Function Wizard while it runs."""
    yield "Public Function CapGainDescribeFunctions() As Boolean"
    yield "    ' Texts of the Function Wizard. False where Excel refuses them, as before a workbook is visible."
    yield "    On Error GoTo Refused"
    for function in FUNCTIONS:
        yield f'    CapGainDescribe "{function.name}", "{_quoted(short_text(function.help))}", Array( _'
        for place, argument in enumerate(function.arguments):
            end = ", _" if place < len(function.arguments) - 1 else ")"
            yield f'        "{_quoted(short_text(argument.help))}"{end}'
    yield "    ThisWorkbook.Saved = True"
    yield "    CapGainDescribeFunctions = True"
    yield "    Exit Function"
    yield "Refused:"
    yield "End Function"
    yield ""
    yield "Private Sub CapGainDescribe(ByVal Name As String, ByVal Text As String, ByVal ArgumentTexts As Variant)"
    yield "    Application.MacroOptions Macro:=Name, Description:=Text, _"
    yield f'        Category:="{CATEGORY}", ArgumentDescriptions:=ArgumentTexts'
    yield "End Sub"


def short_text(text: str) -> str:
    """A help text as the Function Wizard takes it. Raises ValueError for one that is too long."""
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"The Function Wizard shows at most {LONGEST_TEXT} characters: {text}")
    return text


def choices_module() -> str:
    """The module CapGainChoices: what the drop-downs offer and what the buttons do."""
    offered = {
        "Tax Year": [str(year) for year in tax_years()],
        "Filing Status": [status.value for status in FilingStatus],
    }
    lines = [
        'Attribute VB_Name = "CapGainChoicesOffered"',
        "Option Explicit",
        "Option Private Module",
        "' What the ribbon offers. Made from its declaration: capgain addin build.",
        "",
        "Public Function CapGainChoices(ByVal Id As String) As Variant",
        "    Select Case Id",
    ]
    for choice in choices():
        values = ", ".join(f'"{value}"' for value in offered[choice.setting])
        lines += [f'        Case "{choice.id}"', f"            CapGainChoices = Array({values})"]
    lines += ["    End Select", "End Function", ""]
    lines += _look_up("CapGainSettingOf", {choice.id: choice.setting for choice in choices()})
    lines += _look_up("CapGainActionOf", {button.id: button.action for button in buttons()})
    return _joined(lines)


def _look_up(name: str, values: dict[str, str]) -> list[str]:
    lines = [f"Public Function {name}(ByVal Id As String) As String", "    Select Case Id"]
    for key, value in values.items():
        lines += [f'        Case "{key}"', f'            {name} = "{value}"']
    return [*lines, "    End Select", "End Function", ""]


def _quoted(text: str) -> str:
    return text.replace('"', '""')


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"
