"""A spreadsheet cleaned whole, without a database: people read, doubles and households found, what was changed told.

It stands in this room because it composes two that may not know each other, exchange (which reads, recognises and
writes spreadsheets) and dedupe (which finds who is one person): desk is the floor above both, and all that is taken
from them are their libraries without tables.

`row` reads one row, `reading` the file in processes of its own, `doubles` says who is who, `sheets` lays out what is
written, `summary` counts, `working` goes through all of it.
"""
