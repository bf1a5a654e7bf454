"""For tests of this room and of others: a small register, loaded from an archive as the real one is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from veche.addresses.actions.register import start_load
from veche.addresses.models import Load
from veche.addresses.register.generating import Archive
from veche.core.actor import Actor
from veche.core.background import run_job

REGION, CITY, OTHER_CITY, VILLAGE, DISTRICT = 1, 2, 5, 6, 7
LENINA, MARKSA, LENINA_ELSEWHERE, MICRODISTRICT = 20, 21, 22, 23


def small_archive(region: int = 66) -> Archive:
    """A region with two towns, a village and some streets; objects have the ids above, houses 100 and more."""
    a = Archive()
    a.object(region, REGION, "Свердловская", "обл", 1, oktmo="65000000")
    a.object(region, DISTRICT, "Сысертский", "р-н", 2, REGION)
    a.object(region, CITY, "Екатеринбург", "г", 5, REGION, postcode=620000, oktmo="65701000")
    a.object(region, OTHER_CITY, "Сысерть", "г", 5, DISTRICT, postcode=624020)
    a.object(region, VILLAGE, "Кашино", "с", 6, DISTRICT)
    a.object(region, LENINA, "Ленина", "пр-кт", 8, CITY, postcode=620014, oktmo="65701000001")
    a.object(region, MARKSA, "Карла Маркса", "ул", 8, CITY)
    a.object(region, LENINA_ELSEWHERE, "Ленина", "ул", 8, OTHER_CITY, postcode=624021)
    a.object(region, MICRODISTRICT, "Северный", "мкр", 7, CITY)
    a.house(region, 100, LENINA, "12", postcode=620015, oktmo="65701000001")
    a.house(region, 101, LENINA, "12", addnum1="2", addtype1=1)
    a.house(region, 102, LENINA, "14-а")
    a.house(region, 103, MARKSA, "5")
    a.house(region, 104, LENINA_ELSEWHERE, "3")
    a.house(region, 105, VILLAGE, "7")
    for number in range(1, 41):
        a.flat(region, 1000 + number, 100, str(number))
    a.flat(region, 1100, 100, "12А")
    a.flat(region, 1101, 100, "XI", kind=1)
    return a


def load_archive(path: Path, *, by: Actor | None = None, **options: Any) -> Load:
    """Load an archive to the end; options as `start_load` takes them."""
    load = start_load(by=by or Actor.system(), path=path, **options)
    run_job(job_id=load.job_id or 0)
    load.refresh_from_db()
    return load


def load_small_register(folder: Path) -> Load:
    return load_archive(small_archive().write(folder / "gar_xml.zip"))
