"""`capgain batch`: a folder of clients, each on its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import batch_tasks
from batch_clients import BROKEN, GOOD, WORKED, by_file, contents, in_seconds, options, text_of
from capgain.addin.cli.batch.child import Task, took_too_long
from capgain.addin.cli.batch.options import Job
from capgain.addin.cli.batch.run import Done, Workers, planned
from capgain.addin.cli.batch.run import run as run_batch
from capgain.workbook.batch.clients import clients_below
from capgain.workbook.batch.state import State
from command_line import PATIENCE, SOURCES, Run, process
from libreoffice import convert, needs_libreoffice

FOLDER, OUT = "clients", "out"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """The folder of five sound clients."""
    folder = tmp_path / FOLDER
    folder.mkdir()
    for name, rows in GOOD.items():
        (folder / name).write_text(text_of(rows), encoding="utf-8")
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / OUT


@pytest.fixture
def batch(run: Run, out: Path, tmp_path: Path) -> Callable[..., Mapping[str, Any]]:
    """Runs the command and gives the clients of the index by file."""
    no_forms = tmp_path / "no forms"
    no_forms.mkdir()

    def batch(folder: Path, *arguments: object, what: str = "compute", exit_code: int = 0) -> Mapping[str, Any]:
        made = run(
            "batch", folder, "-o", out, "--what", what, "--forms", no_forms, "--json", "--status", "single", *arguments
        )
        assert made.exit_code == exit_code, made.output
        assert made.stdout_bytes == (out / "index.json").read_bytes()
        return {client["file"]: client for client in json.loads(made.stdout)["clients"]}

    return batch


def batch_with(folder: Path, out: Path, task: Task, workers: Workers | None = None, **changed: Any) -> Done:
    state = State(out)
    state.prepare()
    asked = options(**changed)
    return run_batch(planned(folder, state, asked, again=False), state, asked, workers, task=task)


def test_each_client_stands_in_the_index_with_its_lines(batch: Callable[..., Mapping[str, Any]], office: Path) -> None:
    found = batch(office)
    assert {name: (one["7"], one["15"]) for name, one in found.items()} == WORKED
    assert {(one["status"], one["made"], one["year"]) for one in found.values()} == {("ready", "made", 2025)}


@pytest.mark.parametrize("what", ["compute", "report", "handoff"])
def test_what_a_batch_makes_is_what_single_runs_make_byte_for_byte(
    batch: Callable[..., Mapping[str, Any]], run: Run, office: Path, out: Path, tmp_path: Path, what: str
) -> None:
    batch(office, what=what)
    for name in ("adams.csv", "clark.csv"):
        client = Path(name).stem
        alone = tmp_path / "alone" / client
        alone.mkdir(parents=True)
        if what == "compute":
            single = {"compute.json": run("compute", office / name, "--json", "--status", "single").stdout_bytes}
        elif what == "report":
            run("report", office / name, "-o", alone / "report.xlsx", "--status", "single")
            single = contents(alone)
        else:
            run("handoff", office / name, "-o", alone, "--forms", tmp_path / "no forms", "--status", "single")
            single = contents(alone)
            assert (out / f"{client}.zip").read_bytes() == alone.with_name(f"{client}.zip").read_bytes()
        assert contents(out / client) == single


def test_broken_and_hostile_files_stop_nobody_else(
    batch: Callable[..., Mapping[str, Any]], office: Path, out: Path
) -> None:
    for name, (content, _) in BROKEN.items():
        (office / name).write_bytes(content)
    found = batch(office, exit_code=1)
    assert {name: found[name]["error_kind"] for name in BROKEN} == {name: kind for name, (_, kind) in BROKEN.items()}
    assert {name: (found[name]["7"], found[name]["15"]) for name in GOOD} == WORKED
    for name in BROKEN:
        assert not (out / Path(name).stem).exists()
        assert found[name]["errors"] >= 1
        assert found[name]["open_points"] >= 1
        assert str(out.parent) not in json.dumps(found[name]), "the place of the file says nothing and may name someone"
    statuses = [one["status"] for one in found.values()]
    assert statuses == sorted(statuses, key=["error", "ready"].index), "what needs work stands first"


def test_a_workbook_without_a_ledger_is_no_ledger(batch: Callable[..., Mapping[str, Any]], office: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Letters"
    book.create_sheet("Fees")
    book.save(office / "office.xlsx")
    found = batch(office, exit_code=1)
    assert (found["office.xlsx"]["status"], found["office.xlsx"]["errors"]) == ("no ledger", 1)


def test_a_second_run_does_only_what_changed(batch: Callable[..., Mapping[str, Any]], office: Path, out: Path) -> None:
    (office / "unheld.csv").write_bytes(BROKEN["unheld.csv"][0])
    batch(office, exit_code=1)
    before = {name: (out / Path(name).stem / "compute.json").stat().st_mtime_ns for name in GOOD}
    rows = (*GOOD["adams.csv"], "2025-07-01,Sell,QRS,10,100.00,,Main,stock,no 1099")
    (office / "adams.csv").write_text(text_of(rows), encoding="utf-8")
    (office / "evans.csv").unlink()
    (office / "frost.csv").write_text(text_of(GOOD["baker.csv"]), encoding="utf-8")
    found = batch(office, exit_code=1)
    assert {name: one["made"] for name, one in found.items()} == {
        "unheld.csv": "failed",
        "adams.csv": "made",
        "baker.csv": "unchanged",
        "clark.csv": "unchanged",
        "dunn.csv": "unchanged",
        "evans.csv": "unchanged",
        "frost.csv": "made",
    }
    assert found["evans.csv"]["status"] == "gone"
    after = {name: (out / Path(name).stem / "compute.json").stat().st_mtime_ns for name in GOOD}
    assert {name for name in GOOD if before[name] != after[name]} == {"adams.csv"}


@pytest.mark.parametrize(
    "arguments",
    [("--status", "mfj"), ("--method", "hifo"), ("--set", "Carryover Short=5"), ("--again",), ("--year", 2025)],
)
def test_other_options_make_every_client_again(
    batch: Callable[..., Mapping[str, Any]], office: Path, arguments: tuple[object, ...]
) -> None:
    batch(office)
    assert {one["made"] for one in batch(office).values()} == {"unchanged"}
    assert {one["made"] for one in batch(office, *arguments).values()} == {"made"}


def test_a_year_that_ended_since_the_last_run_is_made_again(
    batch: Callable[..., Mapping[str, Any]], office: Path
) -> None:
    assert {one["status"] for one in batch(office, "--as-of", "2025-12-31").values()} == {"year not over"}
    found = batch(office, "--as-of", "2026-01-01")
    assert {(one["status"], one["made"]) for one in found.values()} == {("ready", "made")}


def test_a_client_whose_output_was_taken_away_is_made_again(
    batch: Callable[..., Mapping[str, Any]], office: Path, out: Path
) -> None:
    batch(office)
    (out / "baker" / "compute.json").unlink()
    assert {name for name, one in batch(office).items() if one["made"] == "made"} == {"baker.csv"}


def test_marks_in_a_package_that_did_not_change_are_not_touched(
    batch: Callable[..., Mapping[str, Any]], tmp_path: Path, out: Path
) -> None:
    folder = tmp_path / "two"
    folder.mkdir()
    for name in ("adams.csv", "baker.csv"):
        (folder / name).write_text(text_of(GOOD[name]), encoding="utf-8")
    batch(folder, what="handoff")
    papers = out / "adams" / "workpapers.xlsx"
    sign(papers, "R. Viewer")
    signed = papers.read_bytes()
    assert {one["made"] for one in batch(folder, what="handoff").values()} == {"unchanged"}
    assert papers.read_bytes() == signed


def sign(papers: Path, name: str) -> None:
    book = openpyxl.load_workbook(papers)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == "Reviewed by":
                    sheet.cell(cell.row, cell.column + 1).value = name
    book.save(papers)


def test_a_year_that_was_signed_off_and_moves_is_drift(
    batch: Callable[..., Mapping[str, Any]], tmp_path: Path, out: Path
) -> None:
    folder = tmp_path / "one"
    folder.mkdir()
    ledger = folder / "adams.csv"
    ledger.write_text(text_of(GOOD["adams.csv"]), encoding="utf-8")
    batch(folder, what="handoff")
    sign(out / "adams" / "workpapers.xlsx", "R. Viewer")
    ledger.write_text(
        text_of((*GOOD["adams.csv"], "2025-07-01,Sell,QRS,10,300.00,,Main,stock,no 1099")), encoding="utf-8"
    )
    drift = batch(folder, what="handoff")["adams.csv"]["drift"]
    assert {"year": 2025, "what": "Signed off: Schedule D line 7", "filed": "193.07", "now": "292.57"} in drift


def test_what_was_signed_off_is_compared_until_it_is_signed_anew(
    batch: Callable[..., Mapping[str, Any]], tmp_path: Path, out: Path
) -> None:
    folder, papers = tmp_path / "one", out / "adams" / "workpapers.xlsx"
    folder.mkdir()
    ledger, rows = folder / "adams.csv", list(GOOD["adams.csv"])

    def drift_after(row: str = "") -> list[tuple[object, ...]]:
        rows.extend([row] if row else [])
        ledger.write_text(text_of(tuple(rows)), encoding="utf-8")
        found = batch(folder, *([] if row else ["--again"]), what="handoff")["adams.csv"]["drift"]
        return [(one["year"], one["what"], one["filed"], one["now"]) for one in found]

    def lines(seven: str, units: str, basis: str) -> list[tuple[object, ...]]:
        return [
            (2025, "Signed off: Schedule D line 7", "193.07", seven),
            (2025, "Signed off: Schedule D line 16", "193.07", seven),
            (2025, "Signed off: units of QRS in Main", "60", units),
            (2025, "Signed off: basis of QRS in Main", "1202.97", basis),
        ]

    assert drift_after() == []
    sign(papers, "R. Viewer")
    assert drift_after() == []
    sold = "2025-07-01,Sell,QRS,10,300.00,,Main,stock,no 1099"
    assert drift_after(sold) == lines("292.57", "50", "1002.48")
    assert drift_after(sold) == lines("392.08", "40", "801.98"), "against what was signed, not what was made since"
    assert drift_after() == lines("392.08", "40", "801.98")
    sign(papers, "R. Viewer")
    assert drift_after() == []
    assert drift_after("2025-08-01,Buy,XYZ,0.123456789,10.00,,Main,stock,") == [
        (2025, "Signed off: units of XYZ in Main", "0", "0.123456789"),
        (2025, "Signed off: basis of XYZ in Main", "0.00", "10.00"),
    ]
    cells = openpyxl.load_workbook(out / "index.xlsx")["Drift"]
    assert (cells["E2"].value, cells["E2"].number_format[:9]) == (0.123456789, "#,##0.00#")


def test_a_signature_that_was_taken_away_signs_nothing(
    batch: Callable[..., Mapping[str, Any]], tmp_path: Path, out: Path
) -> None:
    folder = tmp_path / "one"
    folder.mkdir()
    ledger, sold = folder / "adams.csv", "2025-07-01,Sell,QRS,10,300.00,,Main,stock,no 1099"
    ledger.write_text(text_of(GOOD["adams.csv"]), encoding="utf-8")
    batch(folder, what="handoff")
    sign(out / "adams" / "workpapers.xlsx", "R. Viewer")
    ledger.write_text(text_of((*GOOD["adams.csv"], sold)), encoding="utf-8")
    assert batch(folder, what="handoff")["adams.csv"]["drift"]
    sign(out / "adams" / "workpapers.xlsx", "")
    assert batch(folder, "--again", what="handoff")["adams.csv"]["drift"] == []


def test_a_client_without_output_leaves_no_empty_folder(
    batch: Callable[..., Mapping[str, Any]], tmp_path: Path, out: Path
) -> None:
    folder = tmp_path / "nested"
    (folder / "trusts" / "deep").mkdir(parents=True)
    (folder / "trusts" / "deep" / "unheld.csv").write_bytes(BROKEN["unheld.csv"][0])
    for what in ("compute", "report", "handoff"):
        batch(folder, what=what, exit_code=1)
        assert {one.name for one in out.iterdir()} == {".batch", "index.json", "index.xlsx"}


def test_an_error_says_why_in_one_sentence_and_counts_once(
    batch: Callable[..., Mapping[str, Any]], office: Path, out: Path
) -> None:
    (office / "unheld.csv").write_bytes(BROKEN["unheld.csv"][0])
    (office / "empty.csv").write_bytes(BROKEN["empty.csv"][0])
    found = batch(office, exit_code=1)
    assert found["unheld.csv"]["reason"].startswith("Ledger row 2: 40 QRS leave Main but only 0 are held")
    assert found["empty.csv"]["reason"].startswith("empty.csv is empty")
    assert (found["unheld.csv"]["open_points"], found["empty.csv"]["open_points"]) == (1, 1)
    assert found["adams.csv"]["reason"] == ""


def test_what_capgain_made_is_no_client(
    batch: Callable[..., Mapping[str, Any]], office: Path, out: Path, run: Run
) -> None:
    (office / "Baker").mkdir()
    (office / "baker.csv").rename(office / "Baker" / "baker.csv")
    package = office / "Baker" / "2025"
    assert run("handoff", office / "Baker" / "baker.csv", "-o", package, "--status", "single").exit_code == 0
    (package / "theirs.csv").write_text(text_of(GOOD["dunn.csv"]), encoding="utf-8")
    (package / "earlier").mkdir()
    (package / "earlier" / "workpapers-2026-01-01-1.xlsx").write_bytes((package / "workpapers.xlsx").read_bytes())
    assert run("batch", office, "-o", office / "done", "--what", "compute").exit_code == 0
    assert set(batch(office)) == {
        "Baker/2025/theirs.csv",
        "Baker/baker.csv",
        "adams.csv",
        "clark.csv",
        "dunn.csv",
        "evans.csv",
    }


def test_a_filed_figure_that_the_ledger_no_longer_gives_is_drift(
    batch: Callable[..., Mapping[str, Any]], office: Path, out: Path
) -> None:
    rows = (
        "2024-03-04,Buy,QRS,10,1000.00,,Main,stock,",
        "2024-05-06,Sell,QRS,5,450.00,,Main,stock,no 1099",
        "2025-09-08,Sell,QRS,5,400.00,,Main,stock,no 1099",
    )
    for name in GOOD:
        (office / name).unlink()
    (office / "gray.csv").write_text(text_of(rows), encoding="utf-8")
    found = batch(office, "--set", "Filed Short 2024=-40")["gray.csv"]
    assert found["drift"] == [{"year": 2024, "what": "Filed Short", "filed": "-40.00", "now": "-50.00"}]
    assert found["status"] == "not ready"
    sheet = openpyxl.load_workbook(out / "index.xlsx", data_only=True)["Drift"]
    assert [cell.value for cell in sheet[2]] == ["gray.csv", 2024, "Filed Short", -40, -50]


def test_no_number_and_no_name_of_a_person_is_in_the_index(
    batch: Callable[..., Mapping[str, Any]], office: Path, out: Path
) -> None:
    for name in GOOD:
        (office / name).unlink()
    book = openpyxl.Workbook()
    book.active.title = "Ledger"
    for line in text_of(("2025-06-10,900112233,Erika Muster 900-11-2233,40,1000.00,,Erika Muster,stock",)).splitlines():
        book.active.append(line.split(","))
    settings = book.create_sheet("Settings")
    for row in (("Name", "Erika Muster"), ("SSN", "900-11-2233"), ("900-11-2233", "Erika Muster")):
        settings.append(row)
    book.save(office / "client-7.xlsx")
    found = batch(office, exit_code=1)["client-7.xlsx"]
    assert found["problems"], "or nothing was proved"
    everything = json.dumps(found) + "".join(
        str(cell.value)
        for sheet in openpyxl.load_workbook(out / "index.xlsx")
        for row in sheet.iter_rows()
        for cell in row
    )
    for secret in ("900-11-2233", "900112233", "Erika"):
        assert secret not in everything
    assert "Erika Muster" in json.dumps(batch(office, "--names", exit_code=1)["client-7.xlsx"]["name"])


def test_the_index_workbook_links_and_adds_up(batch: Callable[..., Mapping[str, Any]], office: Path, out: Path) -> None:
    batch(office, exit_code=0)
    formulas = openpyxl.load_workbook(out / "index.xlsx")["Clients"]
    values = openpyxl.load_workbook(out / "index.xlsx", data_only=True)["Clients"]
    headings = [cell.value for cell in values[1]]
    assert headings[:5] == ["File", "Status", "Made", "Year", "Filing status"]
    assert formulas["A2"].value == '=HYPERLINK("adams/compute.json","adams.csv")'
    line_15 = headings.index("Line 15") + 1
    total = values.cell(len(GOOD) + 2, line_15)
    assert total.value == pytest.approx(22_450)
    assert str(formulas.cell(total.row, line_15).value).startswith("=SUM(")


@pytest.mark.parametrize(
    ("task", "kind"),
    [
        (batch_tasks.dies_over_baker, "crashed"),
        (batch_tasks.sleeps_over_baker, "timeout"),
        (batch_tasks.raises_over_baker, "crashed"),
    ],
)
def test_a_client_over_which_the_program_dies_hangs_or_errs_is_one_error(
    office: Path, out: Path, task: Task, kind: str
) -> None:
    state = State(out)
    state.prepare()
    batch = planned(office, state, options(), again=False)
    found = by_file(
        run_batch(in_seconds(batch, 4.0, "baker.csv") if kind == "timeout" else batch, state, options(), task=task)
    )
    assert found["baker.csv"]["error_kind"] == kind
    assert {name: (one["7"], one["15"]) for name, one in found.items() if name != "baker.csv"} == {
        name: lines for name, lines in WORKED.items() if name != "baker.csv"
    }


@pytest.mark.parametrize(
    ("limit", "said"),
    [(1.0, "the 1 second that"), (0.5, "the 0.5 seconds that"), (12_600.0, "the 12,600 seconds that")],
)
def test_how_long_a_client_may_take_is_said_as_it_was_asked(tmp_path: Path, limit: float, said: str) -> None:
    job = Job(1, tmp_path / "a.csv", "a.csv", "a", "k", tmp_path, options(), limit)
    assert said in took_too_long(job)


def test_the_trace_of_an_unforeseen_error_holds_no_value(office: Path, out: Path) -> None:
    batch_with(office, out, batch_tasks.raises_over_baker)
    trace = (out / "batch-errors.txt").read_text(encoding="utf-8")
    assert "ZeroDivisionError" in trace
    assert "_unforeseen" in trace
    for secret in ("900-11-2233", "owes", "baker", str(out.parent)):
        assert secret not in trace
    batch_with(office, out, batch_tasks.one_client)
    assert not (out / "batch-errors.txt").exists(), "a trace of what is mended misleads"


def test_a_client_that_died_once_is_tried_again(office: Path, out: Path) -> None:
    assert by_file(batch_with(office, out, batch_tasks.dies_once_over_baker))["baker.csv"]["status"] == "ready"


def test_a_record_that_a_run_was_ended_over_is_no_client(
    batch: Callable[..., Mapping[str, Any]], office: Path, out: Path
) -> None:
    batch(office)
    records = out / ".batch" / "records"
    whole = next(records.glob("*.json"))
    (records / ".capgain-0123456789abcdef.json").write_bytes(whole.read_bytes())
    assert len(batch(office)) == len(GOOD)
    assert len(json.loads((out / "index.json").read_bytes())["clients"]) == len(GOOD)
    assert not list(records.glob(".capgain-*"))


INTERRUPTIBLE = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "import batch_tasks; from capgain.addin.cli.batch import one_client; "
    "one_client.one_client = batch_tasks.takes_three_seconds; "
    "from capgain.addin.cli import main; main()"
)
"""A program that a shell started in the background ignores Ctrl-C, and so do its children."""


@pytest.mark.parametrize("workers", ["1", pytest.param("2", marks=pytest.mark.batch)])
def test_an_interrupted_batch_keeps_what_is_finished_and_goes_on_from_there(tmp_path: Path, workers: str) -> None:
    if workers != "1":
        pytest.importorskip("distributed", reason="the extra batch is not installed")
    folder, out = tmp_path / FOLDER, tmp_path / OUT
    folder.mkdir()
    for number in range(12):
        (folder / f"{number:02}.csv").write_text(text_of(GOOD["adams.csv"]), encoding="utf-8")
    command = ["batch", str(folder), "-o", str(out), "--forms", str(folder), "--jobs", workers]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((SOURCES, str(Path(batch_tasks.__file__).parent)))}
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, *command],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as running:
        records = out / ".batch" / "records"
        while len(list(records.glob("[!.]*.json"))) < 2 and running.poll() is None:
            time.sleep(0.05)
        os.killpg(running.pid, signal.SIGINT)
        output, errors = running.communicate(timeout=PATIENCE)
    assert running.returncode == 130, errors
    assert errors == b"", "no traceback of a worker, which would tell what it was at"
    found = json.loads((out / "index.json").read_bytes())
    finished = {client["file"] for client in found["clients"]}
    assert 2 <= len(finished) < 12
    assert found["not_reached"] == 12 - len(finished)
    assert b"Run it again to go on" in output
    assert not list(out.rglob(".capgain-*")), "nothing half-written is left"
    done = process(*command, "--json")
    assert done.returncode == 0, done.stderr
    made = {client["file"]: client["made"] for client in json.loads(done.stdout)["clients"]}
    assert {name for name, what in made.items() if what == "unchanged"} == finished, made
    assert len(made) == 12


def test_which_files_are_clients_and_where_their_work_goes(tmp_path: Path) -> None:
    folder, out = tmp_path / FOLDER, tmp_path / FOLDER / "done"
    for name in (
        "Adams.xlsx",
        "adams.csv",
        "Adams/more.csv",
        "Müller 猫.xlsm",
        "index.xlsx.csv",
        "~$Adams.xlsx",
        ".hidden.csv",
        ".secret/inner.csv",
        "notes.txt",
        "done/Adams/import/form-8949.csv",
        "trusts/Clark.XLSX",
        "trusts/Dunn.ods",
        "trusts/.~lock.Dunn.ods#",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    found = {client.name: client.folder for client in clients_below(folder, out, {})}
    assert found == {
        "Adams.xlsx": "Adams (xlsx)",
        "Adams/more.csv": "Adams/more",
        "Müller 猫.xlsm": "Müller 猫",
        "adams.csv": "adams (csv)",
        "index.xlsx.csv": "index.xlsx (csv)",
        "trusts/Clark.XLSX": "trusts/Clark",
        "trusts/Dunn.ods": "trusts/Dunn",
    }


def test_a_client_keeps_its_folder_when_another_of_its_name_comes(
    batch: Callable[..., Mapping[str, Any]], office: Path
) -> None:
    assert batch(office)["baker.csv"]["folder"] == "baker"
    book = openpyxl.Workbook()
    book.active.title = "Ledger"
    for line in text_of(GOOD["dunn.csv"]).splitlines():
        book.active.append(line.split(","))
    book.save(office / "baker.xlsx")
    found = batch(office)
    assert (found["baker.csv"]["folder"], found["baker.xlsx"]["folder"]) == ("baker", "baker (xlsx)")
    assert (found["baker.csv"]["15"], found["baker.xlsx"]["15"]) == ("-50.00", "22500.00")


def test_nothing_in_the_folder_of_clients_changes(batch: Callable[..., Mapping[str, Any]], office: Path) -> None:
    before = contents(office)
    for file in office.iterdir():
        file.chmod(0o444)
    batch(office)
    assert contents(office) == before


def test_wrong_usage_says_so_and_writes_nothing(run: Run, office: Path, out: Path, tmp_path: Path) -> None:
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    for arguments, word in (
        ((office, "-o", office), "only read"),
        ((nothing, "-o", out), "no .xlsx"),
        ((tmp_path / "missing", "-o", out), "does not exist"),
        ((office, "-o", out, "--jobs", 0), "--jobs"),
        ((office, "-o", out, "--limit", 0), "--limit"),
        ((office, "-o", out, "--scheduler", "tcp://203.0.113.7:8786"), "tls://"),
        ((office, "-o", out, "--scheduler", "tls://203.0.113.7:8786"), "--tls-ca"),
        ((office, "-o", out, "--tls-ca", __file__), "--scheduler"),
        ((office, "-o", out, "--scheduler", "http://127.0.0.1:1"), "no address"),
    ):
        refused = run("batch", *arguments)
        assert (refused.exit_code, word in refused.output) == (2, True), refused.output
        assert not out.exists()


@pytest.mark.parametrize("name", ["clients.csv", "clients/adams.csv", "Clients.csv"])
def test_nothing_is_written_into_the_folder_where_the_output_is_above_it(
    run: Run, office: Path, tmp_path: Path, name: str
) -> None:
    (office / name).parent.mkdir(exist_ok=True)
    (office / name).write_text(text_of(GOOD["adams.csv"]), encoding="utf-8")
    before = contents(office)
    made = run("batch", office, "-o", tmp_path, "--what", "compute", "--status", "single")
    assert (made.exit_code, "only read" in " ".join(made.output.split())) == (2, True)
    assert contents(office) == before


def test_a_scheduler_over_an_open_network_is_refused_in_these_words(run: Run, office: Path, out: Path) -> None:
    refused = run("batch", office, "-o", out, "--scheduler", "tcp://192.0.2.7:8786")
    assert (
        "a scheduler over plain TCP shows clients' data to the network and runs anybody's code; use tls://"
        in " ".join(refused.output.split())
    )


@pytest.mark.parametrize("where", ["planned", "run"])
def test_ctrl_c_before_the_work_begins_leaves_nothing(
    run: Run, office: Path, out: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setattr(f"capgain.addin.cli.batch.run.{where}", _interrupted)
    ended = run("batch", office, "-o", out, "--what", "compute")
    assert ended.exit_code != 0
    assert not out.exists()


def _interrupted(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_ctrl_c_while_the_index_is_written_leaves_an_index_of_all_that_is_finished(
    run: Run, office: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import capgain.addin.cli.batch.run as running

    real, calls = running.write_index, []

    def once_interrupted(*arguments: Any, **named: Any) -> Any:
        calls.append(arguments)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return real(*arguments, **named)

    monkeypatch.setattr(running, "write_index", once_interrupted)
    ended = run("batch", office, "-o", out, "--what", "compute", "--status", "single", "--jobs", 1, "--json")
    assert ended.exit_code == 130
    assert len(json.loads(ended.stdout)["clients"]) == len(GOOD)


def test_without_the_extra_one_line_says_how_to_use_more_processors(
    run: Run, office: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("capgain.addin.cli.batch.command.find_spec", lambda name: None)
    made = run("batch", office, "-o", out, "--what", "compute", "--jobs", 2)
    assert made.exit_code == 0
    assert made.stderr == "One client after the other: install capgain[batch] to use 2 processors.\n"


def test_a_peak_of_memory_is_that_of_one_client() -> None:
    from capgain.addin.cli.batch.machine import forget_peak, peak_mib

    held = bytearray(os.urandom(1 << 20)) * 200
    high = peak_mib()
    del held
    forget_peak()
    if high == 0 or not Path("/proc/self/clear_refs").exists():
        pytest.skip("this system does not say, or does not forget")
    assert peak_mib() < high - 100


def test_an_index_that_no_batch_made_is_not_replaced(run: Run, office: Path, out: Path) -> None:
    out.mkdir()
    (out / "index.xlsx").write_bytes(b"theirs")
    refused = run("batch", office, "-o", out)
    assert refused.exit_code == 2
    assert (out / "index.xlsx").read_bytes() == b"theirs"


def test_a_file_of_somebody_else_in_the_place_of_a_clients_output_stays(
    batch: Callable[..., Mapping[str, Any]], office: Path, out: Path
) -> None:
    (out / "adams").mkdir(parents=True)
    (out / "adams" / "compute.json").write_bytes(b"theirs")
    found = batch(office, exit_code=1)
    assert found["adams.csv"]["error_kind"] == "refused"
    assert (out / "adams" / "compute.json").read_bytes() == b"theirs"


def test_two_batches_do_not_write_into_one_folder_at_once(run: Run, office: Path, out: Path) -> None:
    state = State(out)
    state.prepare()
    with state.alone():
        refused = run("batch", office, "-o", out)
    assert (refused.exit_code, "Another batch" in refused.output) == (2, True)


def test_people_read_a_count_and_where_the_index_is(run: Run, office: Path, out: Path) -> None:
    (office / "unheld.csv").write_bytes(BROKEN["unheld.csv"][0])
    made = run("batch", office, "-o", out, "--what", "compute", "--status", "single")
    assert made.exit_code == 1
    assert "6 clients: 1 error, 5 ready." in made.output
    assert "5 made, 0 unchanged, 1 failed." in made.output
    assert made.stderr == "", "progress is for a terminal"


def test_with_draft_a_ledger_with_errors_has_a_package_that_says_what_is_to_be_fixed(
    batch: Callable[..., Mapping[str, Any]], office: Path, out: Path
) -> None:
    for name in ("unheld.csv", "other.csv"):
        (office / name).write_bytes(BROKEN[name][0])
    plain = batch(office, what="handoff", exit_code=1)
    assert not (out / "unheld").exists()
    found = batch(office, "--draft", what="handoff", exit_code=1)
    drafted = json.loads((out / "unheld" / "manifest.json").read_text(encoding="utf-8"))
    assert drafted["status"] == "draft"
    assert not (out / "other").exists(), "what is no ledger has nothing to be fixed in it"
    differ = {"questions_open", "seconds", "peak_mib"}
    assert {k: v for k, v in found["unheld.csv"].items() if k not in differ} == {
        k: v for k, v in plain["unheld.csv"].items() if k not in differ
    }
    assert found["unheld.csv"]["questions_open"] is not None
    index = openpyxl.load_workbook(out / "index.xlsx").worksheets[0]
    links = {row[0].value: row[0].hyperlink for row in index.iter_rows() if row[0].hyperlink is not None}
    assert any("unheld" in str(shown) for shown in links) or any(
        "unheld" in str(row[0].value) and "HYPERLINK" in str(row[0].value) for row in index.iter_rows()
    )
    made = (out / "unheld" / "manifest.json").stat().st_mtime_ns
    batch(office, "--draft", what="handoff", exit_code=1)
    assert (out / "unheld" / "manifest.json").stat().st_mtime_ns == made, "the same ledger is not drafted again"
    (office / "unheld.csv").write_text(text_of(GOOD["adams.csv"]), encoding="utf-8")
    assert batch(office, "--draft", what="handoff", exit_code=1)["unheld.csv"]["status"] == "ready"


def test_a_draft_report_is_what_the_single_command_writes(
    batch: Callable[..., Mapping[str, Any]], office: Path, out: Path, run: Run, tmp_path: Path
) -> None:
    (office / "unheld.csv").write_bytes(BROKEN["unheld.csv"][0])
    assert batch(office, "--draft", what="report", exit_code=1)["unheld.csv"]["status"] == "error"
    single = tmp_path / "single.xlsx"
    run("report", office / "unheld.csv", "-o", single, "--draft", "--status", "single")
    assert (out / "unheld" / "report.xlsx").read_bytes() == single.read_bytes()


def test_compute_has_no_draft(run: Run, office: Path, out: Path) -> None:
    made = run("batch", office, "-o", out, "--what", "compute", "--draft")
    assert made.exit_code == 2
    assert not out.exists()


def test_the_year_and_what_is_over_follow_from_the_day_that_is_given(
    batch: Callable[..., Mapping[str, Any]], office: Path
) -> None:
    found = batch(office, "--as-of", "2024-12-30", what="handoff")
    assert (found["baker.csv"]["year"], found["baker.csv"]["status"]) == (2025, "year not over")
    assert batch(office, "--as-of", "2026-02-01", what="handoff")["baker.csv"]["status"] == "ready"


@needs_libreoffice
def test_a_client_kept_in_libreoffices_format_is_one_like_others(
    batch: Callable[..., Mapping[str, Any]], office: Path, tmp_path: Path
) -> None:
    (tmp_path / "ods").mkdir()
    kept = convert(office / "adams.csv", "ods", tmp_path / "ods")
    (office / "adams.csv").unlink()
    kept.rename(office / "adams.ods")
    with zipfile.ZipFile(office / "cut.ods", "w") as cut:
        cut.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    found = batch(office, exit_code=1)
    assert (found["adams.ods"]["7"], found["adams.ods"]["15"]) == WORKED["adams.csv"]
    assert (found["cut.ods"]["status"], found["cut.ods"]["error_kind"]) == ("error", "unreadable")
