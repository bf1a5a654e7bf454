"""How the addresses of a checked file will be read: a thousand of its rows, spread over it, and the doubtful ones."""

from __future__ import annotations

from dataclasses import dataclass, field

from veche.contacts.models import AddressReading
from veche.contacts.queries.address_parts import ShownReading, reading_of
from veche.contacts.queries.learned_streets import learned_streets
from veche.exchange.models import Import, ImportRow

ROWS, DOUBTS = 1_000, 6
_COLOURS = {"whole": "c5", "partly": "warn", "not": "stop"}


@dataclass
class AddressSample:
    """Addresses of the sample by how well they are read, and the first of those that somebody should look at."""

    is_part: bool
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(AddressReading.Understood.values, 0))
    doubts: list[tuple[int, ShownReading]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def bar(self) -> list[tuple[int, str]]:
        return [(count, _COLOURS[key]) for key, count in self.counts.items()]

    @property
    def figures(self) -> list[tuple[str, str, int]]:
        return [
            (str(AddressReading.Understood(key).label), _COLOURS[key], n) for key, n in self.counts.items()
        ]


def address_sample(imported: Import) -> AddressSample | None:
    """None where the file has no column of addresses, or no address in it."""
    targets = {str(column.get("target", "")) for column in imported.mapping}
    if not any(target.startswith("address") for target in targets):
        return None
    rows = int(imported.source.get("rows") or 0)
    step = max(1, -(-rows // ROWS))
    first = int(imported.source.get("first_row") or 1)
    found = ImportRow.objects.filter(batch=imported, number__in=list(range(first, first + rows, step)))
    sample, learned = AddressSample(is_part=step > 1), learned_streets()
    for number, draft in found.order_by("number").values_list("number", "draft"):
        for address in (draft or {}).get("addresses", []):
            read = reading_of(address["text"], learned)
            sample.counts[read.understood] += 1
            if not read.is_whole and len(sample.doubts) < DOUBTS:
                sample.doubts.append((number, read))
    return sample if sample.total else None
