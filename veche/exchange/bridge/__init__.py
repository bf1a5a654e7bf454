"""The pure parts of the Excel bridge: row numbers, what cells mean, how three values are judged, which column is which.

Nothing here asks the base; `exchange.bridged` reads it, `actions.bridging` and its neighbours write.
"""

KEPT_DAYS = 60
"""Days for which what a download said is kept."""
OLD_DAYS = 14
"""From so many days on, somebody who brings a download back is told that it is old."""
CHUNK = 2_000
"""Rows of one transaction: for so long their people are locked."""
MOST_ROWS = 100_000
"""Rows of one download: as many as people can edit and browsers can page through."""
