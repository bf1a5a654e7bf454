"""Sets of houses in words: read out of a commission's text, written down again, compared. No database here."""
