"""What is measured of spreadsheets: `veche bench import`, `export`, `undo`, `bridge`. Each file is a group."""

from veche.exchange.bench import bridge, exports, imports, undo

__all__ = ["bridge", "exports", "imports", "undo"]
