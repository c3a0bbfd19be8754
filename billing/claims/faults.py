"""What is wrong in a claim file, in words that say what to do."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

WORDS: Final[Mapping[str, Any]] = {
    "empty-file": _("The file is empty."),
    "old-workbook": _("This is the old .xls form: save it as .xlsx or CSV."),
    "not-a-table": _("This is neither a CSV file nor a workbook (.xlsx)."),
    "no-visible-sheet": _("The workbook has no visible sheet."),
    "locked-workbook": _("The workbook is locked with a password: save it without one."),
    "broken-workbook": _("The workbook is damaged: open it, save it again, and send the new file."),
    "bomb": _("The workbook unpacks to more than can be right; it was not opened."),
    "broken-quotes": _("A quotation mark opens here and is not closed properly."),
    "no-header": _("No row names the columns. The first rows need an amount (Số tiền) and a parcel (Số hiệu bưu gửi)."),
    "no-rows": _("There is a header, and no row below it."),
    "too-many-rows": _("At most 500,000 rows fit into one claim: split the month by outlets and ask us first."),
    "column-twice": _("Two columns have this meaning: leave one out."),
    "undecodable": _("These bytes are not in the file's encoding: save the file as UTF-8."),
    "number-in-code-column": _("A number stands where a code belongs; zeros may be lost. Make the column text."),
    "wrong-form": _("A code like this does not exist: letters, digits, points and hyphens only."),
    "unknown-item": _("What this is for is not known. Leave it empty for postage, or name the agents' work."),
    "unknown-direction": _("Give đi (to the centre) or về (to the citizen)."),
    "amount-missing": _("The amount is missing."),
    "not-an-amount": _("Give whole đồng in digits, such as 26000 or 26.000."),
    "not-whole-dong": _("There is no part of a đồng."),
    "not-above-zero": _("An amount is above zero; what is to be taken back goes through a dispute."),
    "too-much": _("More than 100,000,000 đ in one row cannot be right."),
    "not-a-weight": _("Give whole grams between 1 and 30,000."),
    "number-as-date": _("A bare number stands where a day belongs: give the column the form of a date."),
    "not-a-date": _("There is no such day. Give it as 31/01/2026."),
    "nothing-to-pay-for": _("Postage needs its parcel, agents' work its dossier."),
    "too-many-cells": _("The row has more cells than the header: is a separator or a quotation mark too many?"),
    "total-differs": _("The file's own total is another one than its rows add up to."),
}
