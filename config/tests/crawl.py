"""Every address that somebody can come upon: all that the rooms have, and every link of each page."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

LINK = re.compile(r"""(?:href|hx-get|src|data-src)=["'](/[^"'#]*)""")
MOST = 700  # pages; more than there are
PASSED_OVER = ("/static/", "/sign-out/")


@dataclass(frozen=True)
class Page:
    url: str
    status: int
    text: str

    @property
    def digits(self) -> str:
        """The text with numbers written together, so that a phone is found however it is written."""
        return re.sub(r"(?<=\d)[\s\u00a0()–-]+(?=\d)", "", self.text)


def crawl(
    client: Client, known: Mapping[str, Sequence[object]], questions: Sequence[str] = ()
) -> Iterator[Page]:
    """Each page once, GET only, as a page and as a fragment. `known` has what to put for each word of an address;
    `questions` are query strings tried on every address without words."""
    waiting = list(dict.fromkeys(_addresses(known, questions)))
    seen = set(waiting)
    for url in itertools.islice(_growing(waiting), MOST):
        for headers in ({}, {"HX-Request": "true"}):
            answer = client.get(url, headers=headers)
            body = b"".join(answer) if answer.streaming else answer.content
            text = html.unescape(body.decode("utf-8", "replace"))
            yield Page(url, answer.status_code, text)
            found = [*LINK.findall(text)]
            found += [answer.headers.get("Location", ""), answer.headers.get("HX-Redirect", "")]
            for link in found:
                if link.startswith("/") and not link.startswith(PASSED_OVER) and link not in seen:
                    seen.add(link)
                    waiting.append(link)


def _growing(waiting: list[str]) -> Iterator[str]:
    place = 0
    while place < len(waiting):
        yield waiting[place]
        place += 1


def _addresses(known: Mapping[str, Sequence[object]], questions: Sequence[str]) -> Iterator[str]:
    for name, words in _patterns(get_resolver()):
        if name.endswith(("account_logout",)) or ":" not in name:
            continue
        for chosen in itertools.product(*(known.get(word, (1,)) for word in words)):
            try:
                url = reverse(name, kwargs=dict(zip(words, chosen, strict=True)))
            except NoReverseMatch:
                continue
            yield url
            yield from (f"{url}?{question}" for question in questions if not words)


def _patterns(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, list[str]]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}", list(entry.pattern.converters)
