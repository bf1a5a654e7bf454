"""People as letters: whom and where a letter goes (`addressing`), what it is printed on (`sheets`), the PDF (`drawing`)
with the digits that machines of the post read (`stamp`), and the list that the post takes (`postlist`)."""
