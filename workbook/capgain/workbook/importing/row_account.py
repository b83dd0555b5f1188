"""What the account of a row is called: by the user, by the row, by the file, by the format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from capgain.workbook.importing.source_accounts import SourceAccount, StatedAccount, broker_account
from capgain.workbook.importing.source_tables import Format, SourceTable
from capgain.workbook.importing.table_columns import TableColumns


class RowAccounts:
    """Names the accounts of one table's rows.

    `given` is the user's own name for the file's account, `stated` what the file says of it, and `otherwise` its name
    where neither row nor file says one. `told` are the broker's accounts met, by the name in the ledger.
    """

    def __init__(
        self,
        known: Format,
        table: SourceTable,
        columns: TableColumns,
        *,
        given: str,
        stated: StatedAccount,
        otherwise: str,
    ) -> None:
        self.given = given
        self.told: dict[str, SourceAccount] = {}
        self._base = table.account or known.name
        self._is_broker = known.kind == "brokerage"
        self._columns = columns
        self._stated = stated
        self._otherwise = otherwise
        self._called: dict[tuple[str, StatedAccount], SourceAccount] = {}

    def called(self, text: Mapping[str, str], cells: Sequence[str]) -> str:
        """What the row's account is called."""
        if self.given:
            return self.given
        base, is_of_row = self._base, "{" in self._base
        if is_of_row:
            before, _, rest = base.partition("{")
            column, _, after = rest.partition("}")
            place = self._columns.place(column)
            number = cells[place].strip() if place is not None and place < len(cells) else ""
            base, is_of_row = (before + number + after).strip(), bool(number)
        if not self._is_broker:
            said = text.get("account", "") or ("" if is_of_row else self._stated.name)
            return said or (base if is_of_row else self._otherwise or base)
        said_of_row = StatedAccount(
            text.get("account", ""), text.get("account_number", ""), text.get("account_type", ""), by_row=True
        )
        said_of = said_of_row or ((not is_of_row and self._stated) or replace(said_of_row, by_row=False))
        is_number_alone = said_of is said_of_row or (is_of_row and self._stated.is_guess)
        if is_number_alone and not said_of.name and self._stated.words:
            words = f"{said_of.words} {self._stated.words}"
            said_of = replace(said_of, words=words, is_guess=self._stated.is_guess)
        if not said_of and not is_of_row and self._otherwise:
            return self._otherwise
        key = (base, said_of)
        if key not in self._called:
            self._called[key] = account = broker_account(base, said_of)
            self.told.setdefault(account.called, account)
        return self._called[key].called

    @property
    def of_file(self) -> str:
        """The user's own name for the account of rows that name none, "" where there is none."""
        return self.given or self._otherwise

    def is_told_apart(self, called: str) -> bool:
        """Whether the broker tells the account of that name from its others."""
        return called in self.told and self.told[called].is_told_apart
