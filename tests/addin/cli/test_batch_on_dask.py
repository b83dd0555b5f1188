"""`capgain batch` on Dask workers: what one client after the other gives, and a death loses one client."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import batch_tasks
from batch_clients import BROKEN, GOOD, WORKED, by_file, contents, options, text_of
from capgain.addin.cli.batch import cluster
from capgain.addin.cli.batch.child import Task
from capgain.addin.cli.batch.one_client import one_client
from capgain.addin.cli.batch.options import BatchOptions, Job, What
from capgain.addin.cli.batch.run import Done, planned
from capgain.addin.cli.batch.run import run as run_batch
from capgain.workbook.batch.state import State
from command_line import Run

pytest.importorskip("distributed", reason="the extra batch is not installed")
pytestmark = [
    pytest.mark.batch,
    # Dask's own: sockets and event loops that its processes close after themselves
    pytest.mark.filterwarnings(
        "ignore::ResourceWarning", "ignore::DeprecationWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
    ),
]

LIMIT = 1 << 30


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """Twenty clients, ten of them broken or hostile, one of them large."""
    folder = tmp_path / "clients"
    (folder / "sub").mkdir(parents=True)
    for name, rows in GOOD.items():
        (folder / name).write_text(text_of(rows), encoding="utf-8")
        (folder / "sub" / f"{name[:-4]} 猫.csv").write_text(text_of(rows), encoding="utf-8")
    for name, (content, _) in BROKEN.items():
        (folder / name).write_bytes(content)
    trades = [f"2025-{1 + n % 12:02}-{1 + n % 28:02},Buy,QRS,10,{100 + n % 7}.00,,Main,stock," for n in range(3_000)]
    (folder / "large.csv").write_text(text_of(tuple(trades)), encoding="utf-8")
    return folder


def on_two_workers(folder: Path, out: Path, task: Task, **changed: Any) -> Done:
    state = State(out)
    state.prepare()
    asked = options(**changed)
    own = partial(cluster.own_cluster, 2, LIMIT, state.folder / "workers", dashboard=False)
    batch = planned(folder, state, asked, again=False)
    return run_batch(batch, state, asked, partial(cluster.worked_on, own, task, None), task=task)


def one_by_one(folder: Path, out: Path, **changed: Any) -> Done:
    state = State(out)
    state.prepare()
    asked: BatchOptions = options(**changed)
    return run_batch(planned(folder, state, asked, again=False), state, asked)


def told(done: Done) -> dict[str, Any]:
    """The index without what depends on the machine."""
    return {
        name: {key: value for key, value in client.items() if key not in ("seconds", "peak_mib")}
        for name, client in by_file(done).items()
    }


def files(out: Path) -> Mapping[str, bytes]:
    return {
        name: content
        for name, content in contents(out).items()
        if not name.startswith(".batch/") and name not in ("index.json", "index.xlsx")
    }


@pytest.mark.parametrize("what", [What.COMPUTE, What.REPORT])
def test_two_workers_give_the_records_and_files_of_one_after_the_other(
    office: Path, tmp_path: Path, what: What, capfd: pytest.CaptureFixture[str]
) -> None:
    alone = told(one_by_one(office, tmp_path / "alone", what=what))
    beside = told(on_two_workers(office, tmp_path / "beside", one_client, what=what))
    assert beside == alone
    assert len(alone) == 21
    assert files(tmp_path / "beside") == files(tmp_path / "alone")
    printed = capfd.readouterr()
    assert printed.out + printed.err == "", "Dask says nothing where a client's name might stand in it"
    assert not (tmp_path / "beside" / ".batch" / "workers").exists()


def test_workers_that_die_or_hang_lose_the_client_they_were_at(office: Path, tmp_path: Path) -> None:
    for again in office.glob("sub/[bc]*.csv"):
        again.unlink()
    done = on_two_workers(office, tmp_path / "out", batch_tasks.dies_over_baker_and_sleeps_over_clark, limit=8.0)
    found = by_file(done)
    assert (found["baker.csv"]["error_kind"], found["clark.csv"]["error_kind"]) == ("crashed", "timeout")
    others = {name: lines for name, lines in WORKED.items() if name not in ("baker.csv", "clark.csv")}
    assert {name: (found[name]["7"], found[name]["15"]) for name in others} == others
    assert {name: found[name]["error_kind"] for name in BROKEN} == {name: kind for name, (_, kind) in BROKEN.items()}
    assert len(found) == 19


def test_a_client_over_which_a_worker_died_once_is_tried_again_alone(office: Path, tmp_path: Path) -> None:
    for name in BROKEN:
        (office / name).unlink()
    (office / "sub" / "baker 猫.csv").unlink()
    found = by_file(on_two_workers(office, tmp_path / "out", batch_tasks.dies_once_over_baker))
    assert {client["status"] for client in found.values()} == {"ready"}


@contextmanager
def scheduler() -> Iterator[str]:
    """A cluster that runs already, for loopback addresses alone."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        memory_limit=LIMIT,
        dashboard_address="127.0.0.1:0",
        worker_dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL,
    ) as running:
        yield running.scheduler_address


def test_a_scheduler_by_its_address_does_the_same(run: Run, office: Path, tmp_path: Path) -> None:
    alone = told(one_by_one(office, tmp_path / "alone"))
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    logging.getLogger("distributed").addHandler(handler)
    try:
        with scheduler() as address:
            made = run(
                "batch",
                office,
                "-o",
                tmp_path / "beside",
                "--what",
                "compute",
                "--status",
                "single",
                "--scheduler",
                address,
                "--json",
            )
    finally:
        logging.getLogger("distributed").removeHandler(handler)
    assert made.exit_code == 1, made.output
    beside = {
        client["file"]: {key: value for key, value in client.items() if key not in ("seconds", "peak_mib")}
        for client in json.loads(made.stdout)["clients"]
    }
    assert beside == alone
    assert files(tmp_path / "beside") == files(tmp_path / "alone")
    assert not any(Path(name).stem in log.getvalue() for name in alone)


def test_a_scheduler_that_does_not_answer_is_said_and_nothing_is_written(
    run: Run, office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "PATIENCE", "1s")
    refused = run("batch", office, "-o", tmp_path / "out", "--scheduler", "tcp://127.0.0.1:9")
    assert (refused.exit_code, "No scheduler answers" in refused.output) == (2, True)
    assert not (tmp_path / "out" / "index.json").exists()


def test_workers_of_another_version_are_refused_with_the_list(
    run: Run, office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "version", lambda name: "0.0.9")
    with scheduler() as address:
        refused = run("batch", office, "-o", tmp_path / "out", "--scheduler", address)
    assert refused.exit_code == 2
    assert "other versions than this machine (CapGain 0.0.9" in refused.output


def test_a_job_shows_no_client_wherever_it_is_printed() -> None:
    job = Job(7, Path("/clients/Muster, Erika.csv"), "Muster, Erika.csv", "Muster", "k", Path("/out"), options(), 1.0)
    assert repr(job) == str(job) == "Job(7)"
