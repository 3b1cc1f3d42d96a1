"""The import desk: any office's workbook in, all faults at once, and undone as a whole.

``papers`` says what a form is (``forms`` are ours), ``reading`` turns a file and the answers into rows,
``checking`` lets the resources of the lists judge them, ``batches`` are the acts: receive, answer, send,
write, undo. Pages are in ``views``.
"""
