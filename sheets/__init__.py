"""Vietnamese text, dates, numbers, and workbooks in and out.

This package knows no model and no framework: what it has to say to people it says as a
``SheetError`` with a code, which the callers put into words.

From a file to values, each step asking where something is not certain::

    workbook = read_workbook(data, "bieu.xlsx")            # reading: xlsx, xls, ods, csv, or a reason why not
    old = suspect(workbook.sheets[0])                      # legacy: TCVN3 or VNI? convert on somebody's word
    tables = find_tables(workbook.sheets, form.heads)      # tables: the likeliest first, the caller chooses
    table = tables[0].with_kinds({14: "data"})             # … and says what the doubtful rows are
    recognise(table, forms)                                # columns: which form, and whether that is sure
    mapped = map_columns(table, form, answers)             # columns: column → field, questions, what is missing
    rows = clean_rows(mapped)                              # cleaning: values by field, faults by cell
    compare_totals(table)                                  # totals: the sheet's own sums against its rows
    give_back(data, workbook, table, remarks, …)           # returning: the same file with colours and remarks

What holds everywhere: rows and columns are counted from 1 as people see them (``places``). A heading
or a name is known by its exact words, whatever the case, marks, line breaks and short forms, never by
a prefix or a likeness. What is skipped is reported with its row and the reason (``Table.skipped``).
Text of a file never becomes a formula.

Modules by what they hold: ``text``, ``dates``, ``numbers`` (single values); ``reading``, ``limits``,
``packages``, ``parsing``, ``delimited`` (files in); ``headings``, ``lines``, ``tables``, ``totals``,
``vocabulary`` (finding tables); ``forms``, ``headwords``, ``columns``, ``cleaning`` (what they mean);
``legacy`` (old letters); ``returning``, ``marking``, ``styling``, ``comments``, ``splicing``, ``plain``
(the same file back); ``writing``, ``markup``, ``formulas`` (lists out).
"""
