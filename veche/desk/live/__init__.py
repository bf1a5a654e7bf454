"""The live channel: one small process that tells open browsers what was changed, by server-sent events.

    listening.py    one connection to PostgreSQL for all browsers: LISTEN, and again after it was lost
    hub.py          who listens and looks at what; which whisper concerns whom
    outbox.py       what one browser is yet to be told, each thing once
    asking.py       the questions to the database, in threads
    application.py  ASGI: /live/events/ (the stream) and /live/watch/ (what a page shows)

Ids and codes only go over the wire; a page then reloads its fragment through the ordinary views. Nothing is stored. A
browser that was away says since when it has been told everything, and is told again whatever came after; whatever is
too long ago, or was lost with a connection to PostgreSQL, counts as changed.
"""
