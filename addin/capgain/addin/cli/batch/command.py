"""`capgain batch FOLDER -o OUT`: the clients of a folder in one run."""

from __future__ import annotations

import gc
import shutil
import sys
from datetime import date
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from capgain.addin.cli.arguments import day, method_option, word_option
from capgain.addin.cli.ledger import setting_pair
from capgain.addin.cli.terminal import printable
from capgain.workbook.file_names import place_of
from capgain.workbook.whole_file import CannotWrite
from capgain.workbook.written.words import STATUSES

if TYPE_CHECKING:
    from capgain.addin.cli.batch.cluster import Keys
    from capgain.addin.cli.batch.run import Batch, Done, Workers
    from capgain.workbook.batch.state import State

WORTH_A_CLUSTER = 60.0
"""Seconds of work below which one client after the other is done sooner than a cluster has started."""

_FOLDER = click.Path(path_type=Path, file_okay=False)
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


LONGEST = 1_000_000.0
"""Seconds that one client may be given: eleven days."""


def _seconds(text: str) -> float:
    """Raises BadParameter."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= LONGEST:
        raise click.BadParameter(f"{text!r} is not a number of seconds above 0 and up to {LONGEST:,.0f}.")
    return seconds


@click.command("batch")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("-o", "--output", "out", type=_FOLDER, required=True, help="The folder to write into.")
@click.option(
    "--what",
    type=click.Choice(["compute", "report", "handoff"]),
    default="handoff",
    show_default=True,
    help="What to make of every ledger.",
)
@click.option("--year", type=click.IntRange(1900, 2200), help="Tax year; else as in compute, client by client.")
@click.option("--as-of", type=day, help="The day it is; else today.")
@word_option("--status", STATUSES, help="Filing status of every client.")
@method_option
@click.option(
    "--set",
    "settings",
    type=setting_pair,
    metavar="NAME=VALUE",
    multiple=True,
    help="A setting for every client. May be repeated.",
)
@click.option("--forms", "forms_dir", type=click.Path(path_type=Path), help="A folder with the IRS's fillable forms.")
@click.option(
    "--draft", is_flag=True, help="Of a ledger with errors write a draft to send back: what to fix and to ask."
)
@click.option("--jobs", type=click.IntRange(1), help="Clients worked on at once; else as many as there are cores.")
@click.option("--limit", type=_seconds, metavar="SECONDS", help="How long one client may take.")
@click.option("--again", is_flag=True, help="Make every client again, unchanged ones too.")
@click.option("--names", is_flag=True, help="Put the taxpayers' names into the index.")
@click.option("--scheduler", metavar="ADDRESS", help="A Dask cluster: tls://HOST:PORT.")
@click.option(
    "--send-files",
    is_flag=True,
    help="Send files to the workers and back, which then need to see no folder of this machine.",
)
@click.option("--tls-ca", type=_FILE, help="Certificate of the cluster's authority.")
@click.option("--tls-cert", type=_FILE, help="This machine's certificate.")
@click.option("--tls-key", type=_FILE, help="This machine's key.")
@click.option("--dashboard", is_flag=True, help="Dask's dashboard on this machine's port 8787.")
@click.option("--json", "as_json", is_flag=True, help="Print the index as one JSON document.")
def command(
    folder: Path,
    out: Path,
    what: str,
    year: int | None,
    as_of: date | None,
    status: str | None,
    method: str | None,
    settings: tuple[str, ...],
    forms_dir: Path | None,
    draft: bool,
    jobs: int | None,
    limit: float | None,
    again: bool,
    names: bool,
    scheduler: str | None,
    send_files: bool,
    tls_ca: Path | None,
    tls_cert: Path | None,
    tls_key: Path | None,
    dashboard: bool,
    as_json: bool,
) -> None:
    """Make the package of every client whose workbook or CSV lies below FOLDER, and an index of all of them.

    Each client is worked on by itself: a broken, huge or hostile file never stops the others. A second run does only
    what changed. The index says where each client stands; what was made lies under the ledger's own name in OUT.
    """
    from capgain.addin.cli.batch.cluster import WrongCluster
    from capgain.addin.cli.batch.options import BatchOptions, What
    from capgain.addin.cli.batch.run import planned, run
    from capgain.workbook.batch.state import BatchRunning, NotABatch, State
    from capgain.workbook.handoff.official_forms.forms_folder import FormsFolder

    gc.enable()
    if place_of(out) == place_of(folder):
        raise click.UsageError("FOLDER is only read. Give another folder for -o.")
    keys = _keys(scheduler, tls_ca, tls_cert, tls_key)
    made = What(what)
    if draft and made is What.COMPUTE:
        raise click.UsageError("--draft is for --what handoff and --what report: compute has no draft.")
    options = BatchOptions(
        what=made,
        year=year,
        as_of=as_of or date.today(),
        status=status,
        method=method,
        settings=settings,
        forms=FormsFolder.read(forms_dir) if made is What.HANDOFF else None,
        limit=limit,
        draft=draft,
    )
    folder, state = folder.absolute(), State(out.absolute())
    try:
        state.prepare()
        with state.alone():
            try:
                batch = planned(folder, state, options, again=again)
                if not batch.clients:
                    raise click.UsageError(f"There is no .xlsx, .xlsm, .ods or .csv file below {folder}.")
                _refuse_work_in(folder, state.out, batch)
                workers, memory_each = _workers(
                    batch,
                    state,
                    folder,
                    jobs=jobs,
                    scheduler=scheduler,
                    keys=keys,
                    send_files=send_files,
                    dashboard=dashboard,
                )
                done = run(batch, state, options, workers, memory_each=memory_each, with_names=names)
            finally:
                state.remove_if_empty()
    except (NotABatch, BatchRunning, WrongCluster) as refusal:
        raise click.UsageError(str(refusal)) from refusal
    except CannotWrite as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except OSError as error:
        raise click.UsageError(f"{error.filename or out}: {error.strerror or error}.") from error
    _report(done, out, as_json=as_json)


def _folded(path: Path) -> Path:
    return Path(str(path).casefold())


def _refuse_work_in(folder: Path, out: Path, batch: Batch) -> None:
    """Raise UsageError where OUT holds FOLDER and a client's work would come to lie in it.

    Capitals count as small letters: some disks do not tell them apart.
    """
    if not place_of(folder).is_relative_to(place_of(out)):
        return
    read_only = _folded(place_of(folder))
    for client in batch.clients:
        if _folded(place_of(out / client.folder)).is_relative_to(read_only):
            raise click.UsageError(
                f"The work on {printable(client.name)} would lie in {folder}, which is only read. "
                "Give another folder for -o."
            )


def _workers(
    batch: Batch,
    state: State,
    folder: Path,
    *,
    jobs: int | None,
    scheduler: str | None,
    keys: Keys | None,
    send_files: bool,
    dashboard: bool,
) -> tuple[Workers | None, int | None]:
    """Who works, and the memory each has; None for one client after the other."""
    from capgain.addin.cli.batch.machine import cores
    from capgain.addin.cli.batch.one_client import one_client
    from capgain.addin.cli.batch.run import all_memory

    if not batch.jobs:
        return None, None
    wanted = min(jobs or cores(), len(batch.jobs))
    if scheduler is None and not _worth_a_cluster(batch, jobs, wanted):
        return None, None
    if find_spec("distributed") is None:
        if scheduler is not None:
            raise click.UsageError("--scheduler needs Dask: pip install 'capgain[batch]'.")
        click.echo(f"One client after the other: install capgain[batch] to use {wanted} processors.", err=True)
        return None, None
    from capgain.addin.cli.batch.cluster import cluster_at, own_cluster
    from capgain.addin.cli.batch.tasks import worked_on

    post = None
    if send_files:
        from capgain.addin.cli.batch.sent import Post

        post = Post()
    if scheduler is not None:
        seen = None if send_files else _seen_by_all(batch, folder)
        cluster = partial(cluster_at, scheduler, keys, state.folder, seen)
        return partial(worked_on, cluster, one_client, post), None
    free = all_memory()
    each = None if free is None else free // wanted
    own = partial(own_cluster, wanted, each, state.folder / "workers", dashboard=dashboard)
    return partial(worked_on, own, one_client, post), each


def _seen_by_all(batch: Batch, folder: Path) -> list[Path]:
    """Folders that every worker reads from."""
    forms = batch.jobs[0].options.forms
    return [folder, *([forms.path] if forms is not None and forms.forms else [])]


def _worth_a_cluster(batch: Batch, jobs: int | None, wanted: int) -> bool:
    """Whether workers beside each other are asked for, or finish sooner than one client after the other."""
    if jobs is not None:
        return wanted > 1
    return wanted > 2 and batch.seconds >= WORTH_A_CLUSTER


def _keys(scheduler: str | None, ca: Path | None, cert: Path | None, key: Path | None) -> Keys | None:
    from capgain.addin.cli.batch.cluster import Keys

    if ca is None and cert is None and key is None:
        return None
    if scheduler is None or ca is None or cert is None or key is None:
        raise click.UsageError("--tls-ca, --tls-cert and --tls-key go together, with --scheduler tls://HOST:PORT.")
    return Keys(ca, cert, key)


def _report(done: Done, out: Path, *, as_json: bool) -> None:
    """Say what was done, and leave with the exit code."""
    from capgain.addin.cli.terminal import console
    from capgain.workbook.batch.clients import INDEX_BOOK, INDEX_JSON
    from capgain.workbook.batch.record import Made
    from capgain.workbook.written.words import counted

    index = done.index
    if done.removed:
        unfinished = counted(done.removed, "unfinished file")
        console(sys.stderr).print(f"Removed what an interrupted run left in {printable(str(out))}: {unfinished}.")
    if as_json:
        with index.document.open("rb") as document:
            shutil.copyfileobj(document, sys.stdout.buffer)
    else:
        screen = console(sys.stdout)
        parts = ", ".join(f"{number:,} {status}" for status, number in index.by_status.items())
        screen.print(f"{counted(index.clients, 'client')}: {parts or 'none finished'}.")
        screen.print(", ".join(f"{number:,} {made.value}" for made, number in index.by_made.items()) + ".")
        if done.interrupted:
            screen.print(f"Interrupted: {counted(index.not_reached, 'client')} not reached. Run it again to go on.")
        place = printable(str(out))
        screen.print(f"Wrote {place}/{INDEX_BOOK} and {INDEX_JSON}")
    if done.interrupted:
        click.get_current_context().exit(done.interrupted)
    if index.by_made[Made.FAILED]:
        click.get_current_context().exit(1)
