"""What goes into a year's package, worked out before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from capgain.engine.box_letters import NOT_REPORTED
from capgain.engine.broker_rows import SHEET as FORM_1099
from capgain.engine.classes import FilingStatus, Owner
from capgain.engine.forms.form_8949 import Form8949
from capgain.engine.forms.schedule_d import ScheduleD
from capgain.engine.forms.tax_on_gains import MissingInputs
from capgain.engine.holding_period import six_months_after
from capgain.engine.money import ZERO, dollars
from capgain.engine.planning.contracts_at_price import tax_of_year
from capgain.engine.problems import UnknownYear
from capgain.engine.report import TaxReport, YearReport
from capgain.workbook.handoff.official_forms.filled_forms import (
    FilledForm,
    Taxpayer,
    filled_form_8949,
    filled_schedule_d,
    with_hyphens,
)
from capgain.workbook.handoff.official_forms.form_fields import FormName
from capgain.workbook.handoff.official_forms.forms_folder import (
    FormsFolder,
    MissingForm,
    OfficialForm,
    filled_from,
    public_address,
)
from capgain.workbook.handoff.official_forms.read_back import ReadBack, form_8949_read_back, schedule_d_read_back
from capgain.workbook.handoff.statement_pdf import statements_pdf
from capgain.workbook.handoff.tax_software.export_file import ImportFile, Owners
from capgain.workbook.handoff.tax_software.export_files import LIMITS_FILE, every_row, import_files, limits_text
from capgain.workbook.handoff.workpapers.opening_rows import has_two_days, opening_csv
from capgain.workbook.report.context import masked
from capgain.workbook.report.printed_rows import PrintedForm, PrintedRow, printed_form, summarised
from capgain.workbook.written.words import counted

Progress = Callable[[str, int, int], None]
"""Hears what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class OfficialForms:
    """The official forms of a year, filled: files by name, what is missing and why, hashes of the blanks used, and
    the amounts read back from the files with fields: Schedule D's by line, Form 8949's by box and column. `addresses`
    are those of missing forms by name."""

    files: Mapping[str, bytes]
    purposes: Mapping[str, str]
    missing: tuple[str, ...]
    blanks: Mapping[str, str]
    read_back: ReadBack
    addresses: Mapping[str, str]


def forms_of(report: TaxReport, year: int) -> tuple[YearReport, Form8949, ScheduleD]:
    """A year with its forms.

    Raises:
        UnknownYear: the ledger gives no Schedule D for that year.
    """
    found = report.years.get(year)
    if found is None or found.schedule_d is None or found.form_8949 is None:
        known = ", ".join(str(one) for one, about in report.years.items() if about.schedule_d is not None) or "none"
        raise UnknownYear(f"There is no Schedule D for {year} to hand off. Years with one: {known}.")
    return found, found.form_8949, found.schedule_d


def transaction_ids(report: TaxReport) -> dict[int, str]:
    """Transaction ids by ledger row."""
    return {entry.row: entry.id for entry in report.ledger.transactions if entry.id}


def printed_as_filed(report: TaxReport, form: Form8949, year: int, *, in_whole_dollars: bool) -> PrintedForm:
    """The year's Form 8949 laid out, with the statements of Exception 2 where Settings choose it."""
    return printed_form(
        form,
        exception_2=report.ledger.settings.exception_2.of(year),
        in_whole_dollars=in_whole_dollars,
        ids=transaction_ids(report),
    )


def taxpayer_of(report: TaxReport, show_ssn: bool) -> Taxpayer:
    """Name and number for the head of a form; the number masked unless asked for."""
    settings = report.ledger.settings
    return Taxpayer(settings.name, with_hyphens(settings.ssn) if show_ssn else masked(settings.ssn))


def official_forms(
    report: TaxReport,
    form: Form8949,
    schedule: ScheduleD,
    folder: FormsFolder,
    taxpayer: Taxpayer,
    progress: Progress,
) -> OfficialForms:
    """Fill what the folder has; name what it has not."""
    year, whole = schedule.year.year, schedule.in_whole_dollars
    files: dict[str, bytes] = {}
    purposes: dict[str, str] = {}
    missing: list[str] = []
    blanks: dict[str, str] = {}
    read_back = ReadBack()
    addresses: dict[str, str] = {}

    def miss(form: FormName, error: MissingForm) -> None:
        missing.append(str(error))
        addresses[form] = public_address(form, year)

    def keep(name: str, filled: FilledForm, official: OfficialForm) -> None:
        blanks[f"{official.form} {official.year}"] = official.sha256
        if filled.fillable is not None:
            files[f"{name}.pdf"] = filled.fillable
            purposes[f"{name}.pdf"] = f"the official {official.form}, {_pages(filled.pages)}, fields still editable"
        files[f"{name}-flat.pdf"] = filled.flat
        purposes[f"{name}-flat.pdf"] = (
            f"the official {official.form}, {_pages(filled.pages)}, for any viewer and printer"
        )

    try:
        official = folder.find("Schedule D", year)
        lines = dict(schedule.amounts())
        if any("Y" in row.codes for box in form.boxes for row in form.rows(box)):
            lines["qof"] = True
        with filled_from(official):
            filled = filled_schedule_d(official, lines, taxpayer, in_whole_dollars=whole)
            found = schedule_d_read_back(filled, year)
        keep(f"schedule-d-{year}", filled, official)
        read_back = replace(read_back, schedule_d=found)
    except MissingForm as error:
        miss("Schedule D", error)
    if form.boxes:
        try:
            official = folder.find("Form 8949", year)
            printed = printed_as_filed(report, form, year, in_whole_dollars=whole)
            with filled_from(official):
                filled = filled_form_8949(
                    official, printed, taxpayer, lambda done, of: progress("Filling Form 8949", done, of)
                )
                pages = form_8949_read_back(filled, year)
            keep(f"form-8949-{year}", filled, official)
            read_back = replace(read_back, form_8949=pages)
        except MissingForm as error:
            miss("Form 8949", error)
    return OfficialForms(files, purposes, tuple(missing), blanks, read_back, addresses)


@dataclass(frozen=True, slots=True)
class ImportFolder:
    """The folder `import`: files by name, and the import files with their limits."""

    files: Mapping[str, bytes]
    about: tuple[ImportFile, ...]


NOTHING_TO_IMPORT = ImportFolder({}, ())


def import_folder(report: TaxReport, form: Form8949, taxpayer: Taxpayer, made_on: str) -> ImportFolder:
    """Files for tax software, the text on their limits, statements they need, and next year's opening."""
    year = form.year.year
    rows: Sequence[PrintedRow] = every_row(
        form, transaction_ids(report), _withheld(report), _losses_not_allowed(report)
    )
    spouse = frozenset(name for name, one in report.ledger.accounts.items() if one.owner is Owner.SPOUSE)
    joint = report.years[year].status is FilingStatus.MFJ
    about = import_files(rows, year, date.fromisoformat(made_on), Owners(spouse, joint))
    files = {f"import/{file.name}": file.content for file in about}
    statements = summarised(rows)[1]
    if statements:
        files[f"import/statements-{year}.pdf"] = statements_pdf(statements, year, taxpayer, in_whole_dollars=False)
    if about:
        files[f"import/{LIMITS_FILE}"] = limits_text(about, year).encode("utf-8")
    files[f"import/opening-{year + 1}.csv"] = opening_csv(report.open_lots, year + 1)
    return ImportFolder(files, about)


def _withheld(report: TaxReport) -> dict[int, Decimal]:
    """Federal tax that rows of sheet 1099 state for single sales, on the first disposition of each by its identity."""
    found: dict[int, Decimal] = {}
    for one in () if report.forms_1099 is None else report.forms_1099.rows:
        if one.form.withheld and one.form.is_of_a_sale and one.rows:
            found[id(one.rows[0])] = found.get(id(one.rows[0]), ZERO) + one.form.withheld
    return found


def _losses_not_allowed(report: TaxReport) -> frozenset[int]:
    """The dispositions, by identity, of whose sale a form says that the loss is not allowed (Form 1099-B, box 7)."""
    rows = () if report.forms_1099 is None else report.forms_1099.rows
    return frozenset(id(row) for one in rows if one.form.loss_not_allowed and one.form.is_of_a_sale for row in one.rows)


def left_to_do(
    report: TaxReport,
    year: YearReport,
    form: Form8949,
    schedule: ScheduleD,
    official: OfficialForms,
    about: Sequence[ImportFile],
    *,
    has_1099: bool,
    show_ssn: bool,
) -> tuple[str, ...]:
    """What the package cannot answer or do for its reader."""
    settings = report.ledger.settings
    found: list[str] = list(official.missing)
    if official.files and not settings.name:
        found.append("The official forms have no name: state it in Settings (Name).")
    if official.files and settings.ssn and not show_ssn:
        found.append("The social security number is masked on the forms: enter it, or ask for it (--show-ssn).")
    if not any("Y" in row.codes for row in year.dispositions):
        found.append(
            "Schedule D asks whether you disposed of an investment in a qualified opportunity fund: answer it there."
        )
    if schedule.line_17:
        found.append("Schedule D line 20 is answered as for a return without Form 4952.")
    elif schedule.line_22 is None:
        found.append("Schedule D line 22 is not answered: Settings state no Qualified Dividends.")
    found += schedule.to_state()
    if schedule.form_6781 is not None:
        found.append("Form 6781: copy it from the workpapers.")
    found += forms_of_the_tax(report, year)
    if any(row.asset_class.is_digital for row in year.dispositions):
        found.append("Form 1040 asks about digital assets: the answer is Yes, the ledger disposes of some.")
    if not has_1099 and any(row.box not in NOT_REPORTED for row in year.dispositions):
        found.append(
            f"No Form 1099 was compared: the workbook has no sheet {FORM_1099}. Enter what each broker reported "
            "(Broker, Form, Box, Asset, Quantity, Acquired, Sold, Proceeds, Basis, Wash, Term, Reported) and make the "
            "package again."
        )
    if settings.exception_2.of(year.year) and any(form.rows(box) for box in form.boxes):
        found.append(
            "Form 8949 refers to statements (Exception 2): attach them to an e-filed return as PDF, or mail them with "
            "Form 8453."
        )
    for file in about:
        rows = sum(one.totals.rows for one in file.left_out)
        if rows:
            found.append(
                f"import/{file.name} leaves out {counted(rows, 'row')} that the format cannot say: "
                f"import/{LIMITS_FILE}."
            )
    return (*found, *_wash_sales_across_the_year(report, year.year), *_beyond_opening_rows(report, year.year))


def forms_of_the_tax(report: TaxReport, year: YearReport) -> list[str]:
    """Forms 6251 and 8960 where the return has to have them: they are not filled here, sheet Tax has their lines."""
    if year.schedule_d is None:
        return []
    try:
        tax = tax_of_year(report, year.year).with_gains
    except (MissingInputs, UnknownYear):
        return []
    found = []
    if tax.knows_amt and tax.form_6251.line_7 > tax.form_6251.line_10:
        found.append("Form 6251 belongs to the return (line 7 is more than line 10): copy its lines from sheet Tax.")
    if tax.niit is not None and tax.niit.tax:
        found.append("Form 8960 belongs to the return: copy its lines from sheet Tax.")
    return found


def _wash_sales_across_the_year(report: TaxReport, year: int) -> list[str]:
    """Losses of the year whose replacement was bought after it: next year's ledger must take them up."""
    found = []
    for wash in report.wash_sales:
        if wash.sold.year == year and wash.acquired.year > year and not wash.permanent:
            found.append(
                f"Wash sale across the year end: {dollars(wash.disallowed, '$')} of the loss on row {wash.loss_row} "
                f"belongs in the basis of the purchase of {wash.acquired:%m/%d/%Y} (row {wash.replacement_row}). A "
                f"ledger of {year + 1} that begins with sheet Opening has to keep both rows, or add the amount by hand."
            )
    return found


def _beyond_opening_rows(report: TaxReport, year: int) -> list[str]:
    """What is held of which the rows of sheet Opening cannot say all: next year's ledger must keep its own rows."""
    lots, begins = report.open_lots, date(year + 1, 1, 1)
    paid = [lot.row for lot in lots if lot.fund_paid and six_months_after(lot.acquired) >= begins]
    found = []
    for what, rows in (
        ("what a fund paid on shares held six months or less", paid),
        (
            "the basis for the minimum tax of shares that replaced a loss",
            [lot.row for lot in lots if has_two_days(lot)],
        ),
        ("short sales that are open", [short.row for short in report.open_shorts]),
        ("section 1256 contracts that are open", [contract.row for contract in report.open_contracts]),
    ):
        if rows:
            named = ", ".join(map(str, dict.fromkeys(rows)))
            found.append(
                f"Sheet Opening does not hold {what}: a ledger of {year + 1} that begins with it has to keep ledger "
                f"row {named}, with all that has happened to it since."
            )
    return found


def _pages(count: int) -> str:
    return counted(count, "page")
