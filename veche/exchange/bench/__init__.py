"""What is measured of spreadsheets: `veche bench import`, `export` and `undo`. Each file registers its group."""

from veche.exchange.bench import exports, imports, undo

__all__ = ["exports", "imports", "undo"]
