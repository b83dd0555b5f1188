"""How a command ends that cannot give numbers: the problems, and exit code 1."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from capgain.engine.problems import CapgainError, InvalidLedger, Problem, Severity
from capgain.workbook.file_trouble import trouble_with

EXIT_REFUSED = 1
TOO_LITTLE_MEMORY = (
    "The file needs more memory than there is. Close other programs, raise the limit that this one was given, or split "
    "the file."
)
NESTED_TOO_DEEPLY = (
    "Something in a file stands deeper in itself than any program writes it. Save the file again from the program it "
    "came from."
)


def refuse(problems: Sequence[Problem], *, as_json: bool, filing_status: str = "") -> NoReturn:
    """Print the problems (standard error, or the JSON document on standard output) and leave with exit code 1."""
    from capgain.addin.cli.document import refusal_document

    if as_json:
        sys.stdout.write(refusal_document(problems, filing_status))
    else:
        from capgain.addin.cli.problem_list import print_problems, tally
        from capgain.addin.cli.terminal import console

        err = console(sys.stderr)
        print_problems(err, problems)
        err.print(f"{tally(problems)}: nothing was computed or written.")
    click.get_current_context().exit(EXIT_REFUSED)


class LedgerCommand(click.Command):
    """A command whose refusals end with exit code 1: CapgainError, a file that cannot be read or written, a file for
    which there is too little memory or that is nested without end."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except InvalidLedger as error:
            problems = error.problems
        except CapgainError as error:
            problems = tuple(_said(line, error.problem_code) for line in str(error).splitlines())
        except BrokenPipeError:
            raise
        except OSError as error:
            problems = (_said(trouble_with(error), "FILE_NOT_ACCESSIBLE"),)
        except MemoryError:
            problems = (_said(TOO_LITTLE_MEMORY, "TOO_LITTLE_MEMORY"),)
        except RecursionError:
            problems = (_said(NESTED_TOO_DEEPLY, "NESTED_TOO_DEEPLY"),)
        if problems[0].code == "TOO_LITTLE_MEMORY":
            gc.collect()  # what the work had made is needed no more, and the words need some of its room
        refuse(problems, as_json=bool(ctx.params.get("as_json")))


def _said(message: str, code: str) -> Problem:
    """A refusal as a problem: its first sentence is what is wrong, the rest what to do."""
    wrong, stop, remedy = message.partition(". ")
    return Problem(Severity.ERROR, "", 0, "", wrong + stop.strip(), remedy, code)
