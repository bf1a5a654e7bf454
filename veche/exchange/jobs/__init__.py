"""The background work of the room. Each file registers its kinds of job."""

from veche.exchange.jobs import bridge, exports, imports, looking, undo

__all__ = ["bridge", "exports", "imports", "looking", "undo"]
