"""Money: whole kopecks and a currency, never a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils.translation import gettext as _

from veche.core.refusal import Refusal

# All of them have two digits of minor units (ISO 4217).
SIGNS = {"₽": "RUB", "р.": "RUB", "руб.": "RUB", "руб": "RUB", "р": "RUB", "$": "USD", "€": "EUR", "₸": "KZT"}
LARGEST = 10**15  # whole units: in kopecks it still fits into a bigint


@dataclass(frozen=True, order=True)
class Money:
    """An amount in minor units (kopecks, cents) of an ISO 4217 `currency`."""

    minor: int
    currency: str = "RUB"

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str = "RUB") -> Money:
        """Money from an amount in whole units; halves of a kopeck are rounded up."""
        cents = (Decimal(amount) * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        return cls(int(cents), currency)

    @classmethod
    def parse(cls, text: object, currency: str = "RUB") -> Money:
        """Money from what people type: ``1 234,56 ₽``, ``1,234.56``, ``1234-00``, ``1000р.``; else `Refusal`."""
        if isinstance(text, (int, float)) and not isinstance(text, bool):
            return cls.of(str(text), currency)
        bare = (
            "".join(str(text).split()).replace("\u00a0", "").replace("\u202f", "").replace("−", "-").lower()
        )
        for sign, code in SIGNS.items():
            if bare.endswith(sign) or bare.startswith(sign):
                bare, currency = bare.removesuffix(sign).removeprefix(sign), code
                break
        if len(bare) > 3 and bare[-3] == "-" and bare[:-3].isdigit():
            bare = f"{bare[:-3]}.{bare[-2:]}"
        try:
            amount = Decimal(_with_decimal_point(bare))
            if not amount.is_finite() or abs(amount) >= LARGEST:
                raise InvalidOperation
            return cls.of(amount, currency)
        except InvalidOperation:
            raise Refusal(
                "money.unreadable",
                _("“%(text)s” is not an amount of money. Write it like 1 500,50.") % {"text": str(text)[:40]},
            ) from None

    @property
    def amount(self) -> Decimal:
        return Decimal(self.minor) / 100

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"Cannot reckon {self.currency} with {other.currency}.")


def _with_decimal_point(bare: str) -> str:
    """The last separator is the decimal one, unless it stands before exactly three digits or stands twice."""
    last = max(bare.rfind(","), bare.rfind("."))
    if last < 0:
        return bare
    separator, whole, cents = bare[last], bare[:last], bare[last + 1 :]
    thousands = (
        len(cents) == 3 and whole.strip("-").isdigit() and whole.strip("-") != "0" and separator == ","
    )
    if thousands or separator in whole:
        whole, cents = whole + cents, ""
    return whole.replace(",", "").replace(".", "") + (f".{cents}" if cents else "")
