"""`capgain batch` on Dask workers: what one client after the other gives, and a death loses one client."""

from __future__ import annotations

import io
import json
import logging
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest

import batch_tasks
from batch_clients import BROKEN, GOOD, WORKED, by_file, contents, in_seconds, options, text_of
from capgain.addin.cli.batch import cluster, tasks
from capgain.addin.cli.batch.child import Task
from capgain.addin.cli.batch.one_client import one_client
from capgain.addin.cli.batch.options import BatchOptions, Job, Outcome, What
from capgain.addin.cli.batch.run import Done, Workers, planned
from capgain.addin.cli.batch.run import run as run_batch
from capgain.addin.cli.batch.tasks import worked_on
from capgain.workbook.batch.state import State
from command_line import Run

pytest.importorskip("distributed", reason="the extra batch is not installed")

from capgain.addin.cli.batch import sent
from capgain.addin.cli.batch.sent import Forms, Post

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


def on_two_workers(folder: Path, out: Path, task: Task, *, post: Post | None = None, **changed: Any) -> Done:
    state = State(out)
    state.prepare()
    asked = options(**changed)
    own = partial(cluster.own_cluster, 2, LIMIT, state.folder / "workers", dashboard=False)
    batch = planned(folder, state, asked, again=False)
    workers = partial(worked_on, own, task, post)
    return run_batch(batch, state, asked, workers if post is None else _no_other(workers), task=task)


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


def test_files_that_are_sent_give_the_records_and_files_of_one_after_the_other(
    office: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Packages of an earlier run are there, signed, with a file of somebody else in one of them."""
    for name in (
        "large.csv",
        "sub/dunn 猫.csv",
        "sub/evans 猫.csv",
        "sub/clark 猫.csv",
        "sub/baker 猫.csv",
        "clark.csv",
    ):
        (office / name).unlink()
    alone, beside = tmp_path / "alone", tmp_path / "beside"
    one_by_one(office, alone, what=What.HANDOFF, draft=True)
    book = openpyxl.load_workbook(alone / "adams" / "workpapers.xlsx")
    for row in book["Cover"].iter_rows():
        if row[0].value == "Reviewed by":
            row[1].value = "R. Viewer"
    book.save(alone / "adams" / "workpapers.xlsx")
    (alone / "adams" / "letter.txt").write_text("theirs", encoding="utf-8")
    shutil.copytree(alone, beside)
    more = (*GOOD["adams.csv"], "2025-07-01,Sell,QRS,10,300.00,,Main,stock,no 1099")
    (office / "adams.csv").write_text(text_of(more), encoding="utf-8")
    (office / "sub" / "new.csv").write_text(text_of(GOOD["dunn.csv"]), encoding="utf-8")
    expected = told(one_by_one(office, alone, what=What.HANDOFF, draft=True))
    post = Post()
    done = on_two_workers(
        office, beside, batch_tasks.knows_nothing_of_the_office, post=post, what=What.HANDOFF, draft=True
    )
    assert told(done) == expected
    assert files(beside) == files(alone)
    assert expected["adams.csv"]["drift"]
    assert (beside / "adams" / "letter.txt").exists()
    assert len(list((beside / "adams" / "earlier").iterdir())) == 1
    printed = capfd.readouterr()
    assert printed.out + printed.err == ""


@pytest.mark.parametrize("what", [What.COMPUTE, What.REPORT])
def test_what_is_sent_names_no_place_and_what_comes_back_is_put_in_place(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: What
) -> None:
    """The worker here is this process."""
    alone = told(one_by_one(office, tmp_path / "alone", what=what))
    scratch = tmp_path / "scratch"
    (scratch / "worker").mkdir(parents=True)
    post = Post()
    monkeypatch.setattr(
        sent,
        "get_worker",
        lambda: SimpleNamespace(local_directory=str(scratch / "worker"), plugins={post.name: Forms(post.name, None)}),
    )

    def workers(jobs: Sequence[Job]) -> Generator[Outcome, None, None]:
        for job in jobs:
            parcel = post.packed(job)
            assert parcel is not None
            travelling = pickle.dumps(parcel)
            assert str(tmp_path).encode() not in travelling
            assert Path(job.name).stem not in repr(parcel)
            made = sent.at_worker(one_client, pickle.loads(travelling))
            assert str(tmp_path).encode() not in pickle.dumps(made).replace(str(scratch).encode(), b"")
            outcome = post.unpacked(job, made)
            assert outcome is not None
            yield outcome

    state = State(tmp_path / "beside")
    state.prepare()
    asked = options(what=what)
    done = run_batch(planned(office, state, asked, again=False), state, asked, workers)
    assert told(done) == alone
    assert files(tmp_path / "beside") == files(tmp_path / "alone")
    assert [one.name for one in scratch.iterdir()] == ["worker"], "nothing is left on the worker"


def test_a_package_that_somebody_marks_meanwhile_is_not_replaced_by_what_was_sent_before(
    office: Path, tmp_path: Path
) -> None:
    state = State(tmp_path / "out")
    state.prepare()
    asked = options(what=What.HANDOFF)
    for name in office.rglob("*.csv"):
        if name.name != "adams.csv":
            name.unlink()
    (job,) = [job for job in planned(office, state, asked, again=False).jobs if job.name == "adams.csv"]
    assert not one_client(job).is_error
    record = state.read(job.key)
    assert record is not None
    post = Post()
    parcel = post.packed(job)
    assert parcel is not None
    assert set(parcel.before) == {"manifest.json", "workpapers.xlsx"}
    marked = tmp_path / "out" / "adams" / "workpapers.xlsx"
    marked.write_bytes(marked.read_bytes() + b"marks")
    made = sent.Made(job.number, record.stored(), {"workpapers.xlsx": b"older"})
    assert post.unpacked(job, made) is None
    assert marked.read_bytes().endswith(b"marks")


def test_a_file_that_is_too_large_to_send_is_worked_on_here(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = State(tmp_path / "out")
    state.prepare()
    jobs = planned(office, state, options(), again=False).jobs
    size = (office / "clark.csv").stat().st_size
    monkeypatch.setattr(sent, "MOST_BYTES", size)
    post = Post()
    packed = {job.name for job in jobs if post.packed(job) is not None}
    assert packed == {job.name for job in jobs if job.path.stat().st_size <= size}
    assert "large.csv" not in packed
    assert "clark.csv" in packed


def test_what_dead_workers_left_is_removed_and_what_living_ones_use_stays(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        pass
    mine = tmp_path / f"capgain-1a-{os.getpid()}-x"
    for folder in (tmp_path / f"capgain-1a-{dead.pid}-x", mine, tmp_path / f"capgain-2b-{dead.pid}-x"):
        folder.mkdir()
    sent.swept("capgain-1a", SimpleNamespace(local_directory=str(tmp_path / "worker")))
    assert {one.name for one in tmp_path.iterdir()} == {mine.name, f"capgain-2b-{dead.pid}-x"}


def test_a_cluster_without_workers_leaves_the_clients_to_this_machine(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tasks, "SECONDS_WITHOUT_WORKERS", 2.0)
    for name in (*BROKEN, "large.csv"):
        (office / name).unlink()
    state = State(tmp_path / "out")
    state.prepare()
    asked = options()
    own = partial(cluster.own_cluster, 0, LIMIT, state.folder / "workers", dashboard=False)
    batch = planned(office, state, asked, again=False)
    found = by_file(run_batch(batch, state, asked, partial(worked_on, own, one_client, None)))
    assert {name: (found[name]["7"], found[name]["15"]) for name in WORKED} == WORKED
    assert capfd.readouterr().err == "The cluster has gone. This machine does the rest.\n"


def test_dask_is_silent_while_a_batch_runs_and_says_what_it_did_before_again() -> None:
    import distributed.client

    loggers = [logging.getLogger(name) for name in ("distributed", "distributed.client")]
    before = [logger.level for logger in loggers]
    with cluster.quiet():
        assert not any(logger.isEnabledFor(logging.ERROR) for logger in loggers), distributed.client
    assert [logger.level for logger in loggers] == before


def test_two_batches_on_one_scheduler_do_not_get_each_others_clients(tmp_path: Path) -> None:
    for name, rows in (("one", GOOD["adams.csv"]), ("two", GOOD["dunn.csv"])):
        (tmp_path / name).mkdir()
        (tmp_path / name / "client.csv").write_text(text_of(rows), encoding="utf-8")
    with scheduler() as address, ThreadPoolExecutor(2) as both:
        found = both.map(partial(_at, address, tmp_path), ("one", "two"))
        assert [(one["client.csv"]["7"], one["client.csv"]["15"]) for one in found] == [
            WORKED["adams.csv"],
            WORKED["dunn.csv"],
        ]


def _at(address: str, folder: Path, name: str) -> Mapping[str, Any]:
    state = State(folder / f"{name} out")
    state.prepare()
    asked = options()
    there = partial(cluster.cluster_at, address, None, state.folder, [folder / name])
    workers = partial(worked_on, there, one_client, None)
    done = run_batch(planned(folder / name, state, asked, again=False), state, asked, _no_other(workers))
    return by_file(done)


def _no_other(workers: Workers) -> Workers:
    """The workers; a client that they leave to this machine is a fault."""

    def all_of(jobs: Sequence[Job]) -> Generator[Outcome, None, None]:
        outcomes = list(workers(jobs))
        assert len(outcomes) == len(jobs)
        yield from outcomes

    return all_of


def test_workers_that_die_or_hang_lose_the_client_they_were_at(office: Path, tmp_path: Path) -> None:
    for again in office.glob("sub/[bc]*.csv"):
        again.unlink()
    state = State(tmp_path / "out")
    state.prepare()
    batch = in_seconds(planned(office, state, options(), again=False), 4.0, "clark.csv")
    task = batch_tasks.dies_over_baker_and_sleeps_over_clark
    own = partial(cluster.own_cluster, 2, LIMIT, state.folder / "workers", dashboard=False)
    done = run_batch(batch, state, options(), partial(worked_on, own, task, None), task=task)
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
