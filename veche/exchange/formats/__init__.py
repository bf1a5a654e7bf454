"""Spreadsheet formats, each as a stream of rows: standard library only, for they run in a process of their own.

`reading.apart` starts `formats.reader`, which opens the file with one of `xlsx`, `xls`, `ods`, `xml2003`, `html` and
answers with sheets and portions of rows. A workbook comes from strangers: whatever it does to its reader, the web
process and the worker live on.
"""
