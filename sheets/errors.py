"""What this package has to say to people: a code, its parameters, and an English sentence.

A caller puts it into the reader's language with ``gettext(said.message) % said.params``.
The codes with their sentences are ``MESSAGES``, the parameters are the names in them:

    any cell    blank, ditto, formula_without_value, error_value, turned_into_date
    kinds       not_a_name, not_a_code, wrong_number_of_digits, not_a_mark, not_a_phone,
                several_phones, vague_choice, not_a_choice
    dates       not_a_date, no_such_day, year_missing, year_needs_four_digits, not_a_year,
                years_out_of_order
    numbers     not_a_count, ambiguous_count, not_a_number, ambiguous_number
    files       empty_file, not_a_workbook, unsupported_format, damaged_workbook,
                password_protected, unsafe_xml, unknown_encoding, cell_too_long
    limits      file_too_large, unpacked_too_large, compressed_too_much, too_many_parts,
                too_many_sheets, too_many_rows, too_many_columns, too_many_cells, too_heavy
    notices     wrong_extension, external_links, macros, error_values (the file was read all the same)
"""


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for the catalogue of translations, and return it as it is."""
    return sentence


MESSAGES = {
    "blank": gettext_noop("The cell is empty."),
    "ditto": gettext_noop("“%(value)s” stands for the cell above. Enter the value itself."),
    "formula_without_value": gettext_noop(
        "The cell holds a formula whose value was not saved. Open the file in Excel, save it and choose it "
        "again, or enter the value itself."
    ),
    "error_value": gettext_noop("The cell shows an error such as #REF!. Enter the value itself."),
    "turned_into_date": gettext_noop(
        "The spreadsheet has turned the text of this cell into the day %(value)s. Enter it again as text."
    ),
    "not_a_name": gettext_noop("“%(value)s” is not the name of a person."),
    "not_a_code": gettext_noop("“%(value)s” is not a code."),
    "wrong_number_of_digits": gettext_noop("The code “%(value)s” must have %(digits)s digits."),
    "not_a_mark": gettext_noop("“%(value)s” is neither yes nor no. Enter x for yes, leave it empty for no."),
    "not_a_phone": gettext_noop(
        "“%(value)s” is not a telephone number. Enter all digits with the area code, for example 0912345678."
    ),
    "several_phones": gettext_noop("“%(value)s” holds several telephone numbers. Keep one of them."),
    "vague_choice": gettext_noop("“%(value)s” can mean several things. Choose one of: %(choices)s."),
    "not_a_choice": gettext_noop("“%(value)s” is none of: %(choices)s."),
    "not_a_date": gettext_noop("“%(value)s” is not a date. Enter day/month/year, for example 03/02/1985."),
    "no_such_day": gettext_noop("There is no day “%(value)s” in the calendar."),
    "year_missing": gettext_noop("“%(value)s” has no year. Enter day/month/year."),
    "year_needs_four_digits": gettext_noop("The year in “%(value)s” needs four digits, for example 1985."),
    "not_a_year": gettext_noop(
        "“%(value)s” is not a year. Enter a year of four digits, for example 2019-2021."
    ),
    "years_out_of_order": gettext_noop("“%(value)s” ends before it starts."),
    "not_a_count": gettext_noop("“%(value)s” is not a whole number."),
    "ambiguous_count": gettext_noop(
        "“%(value)s” can be read in two ways. Enter the digits only, for example 1542."
    ),
    "not_a_number": gettext_noop("“%(value)s” is not a number."),
    "ambiguous_number": gettext_noop(
        "“%(value)s” can be read in two ways. Enter it without a thousands separator, "
        "for example 1542 or 90,8."
    ),
    "empty_file": gettext_noop("The file is empty."),
    "not_a_workbook": gettext_noop(
        "The file is not a workbook. Choose a file saved as .xlsx, .xls, .ods or .csv."
    ),
    "unsupported_format": gettext_noop(
        "Files of the kind %(format)s cannot be read. Open the file and save it as .xlsx."
    ),
    "damaged_workbook": gettext_noop(
        "The file is damaged or incomplete. Open it, save it as .xlsx and choose it again."
    ),
    "password_protected": gettext_noop(
        "The file is protected by a password. Remove the password and choose it again."
    ),
    "unsafe_xml": gettext_noop(
        "The file holds definitions that no workbook needs, so it is not opened. "
        "Open it, save it as .xlsx and choose it again."
    ),
    "unknown_encoding": gettext_noop(
        "The letters of the file cannot be read. Save it as “CSV UTF-8” or as .xlsx."
    ),
    "cell_too_long": gettext_noop(
        "Row %(row)s holds a text that is too long. Check the quotation marks before it."
    ),
    "file_too_large": gettext_noop("The file has %(size)s MB, the limit is %(limit)s MB."),
    "unpacked_too_large": gettext_noop(
        "Unpacked, the file has more than %(limit)s MB. Remove the formats of empty rows."
    ),
    "compressed_too_much": gettext_noop(
        "The file is packed more tightly than any workbook, so it is not opened."
    ),
    "too_many_parts": gettext_noop("The file has more than %(limit)s parts."),
    "too_many_sheets": gettext_noop("The file has %(count)s sheets, the limit is %(limit)s."),
    "too_many_rows": gettext_noop(
        "Sheet “%(sheet)s” is filled down to row %(count)s, the limit is %(limit)s."
    ),
    "too_many_columns": gettext_noop(
        "Sheet “%(sheet)s” is filled up to column %(count)s, the limit is %(limit)s."
    ),
    "too_many_cells": gettext_noop(
        "Sheet “%(sheet)s” spans %(count)s cells, the limit is %(limit)s. "
        "Remove what stands far from the table."
    ),
    "too_heavy": gettext_noop(
        "The file takes too much memory or time to read. Open it, remove what is not needed "
        "and save it as .xlsx."
    ),
    "wrong_extension": gettext_noop("The name of the file does not fit what it is: %(format)s."),
    "external_links": gettext_noop(
        "The file refers to other files. Their values were taken as they were last saved."
    ),
    "error_values": gettext_noop(
        "Sheet “%(sheet)s” shows errors such as #REF! in %(cells)s. These cells were read as empty."
    ),
    "macros": gettext_noop("The file holds macros. They were left out and did not run."),
}


class Said:
    """A code of ``MESSAGES`` with the parameters its sentence needs."""

    def __init__(self, code: str, **params):
        self.code = code
        self.message = MESSAGES[code]
        # What comes from a cell is cut; lists of ours are not.
        self.params = {
            name: value if name == "choices" else _shortened(value) for name, value in params.items()
        }

    def __str__(self) -> str:
        return self.message % self.params


def _shortened(value):
    # A cell may hold a whole page by mistake; its first words say which one it is.
    if isinstance(value, str) and len(value) > 60:
        return f"{value[:59]}…"
    return value


class Notice(Said):
    """Something worth telling about a file that was read all the same."""


class SheetError(Said, Exception):
    """A cell or a file that cannot be used."""
