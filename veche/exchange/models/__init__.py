"""Imports and their rows, lists that are edited in Excel, exports, the watched folder."""

from veche.exchange.models.bridge import (
    BridgeCell,
    BridgeLine,
    BridgeReturn,
    BridgeRow,
    BridgeSheet,
)
from veche.exchange.models.exports import (
    Export,
)
from veche.exchange.models.folder import (
    WatchedFile,
)
from veche.exchange.models.imports import (
    MATCH_KEYS,
    Correction,
    FileWord,
    Import,
    ImportRow,
    Issue,
    SavedMapping,
)

__all__ = [
    "MATCH_KEYS",
    "BridgeCell",
    "BridgeLine",
    "BridgeReturn",
    "BridgeRow",
    "BridgeSheet",
    "Correction",
    "Export",
    "FileWord",
    "Import",
    "ImportRow",
    "Issue",
    "SavedMapping",
    "WatchedFile",
]
