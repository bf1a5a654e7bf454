"""Who may look at territories and say which houses they have. All who look at people look; who steers draws."""

from veche.accounts.actions import add_territory
from veche.accounts.models import Territory
from veche.addresses.actions import territories
from veche.core.actor import Actor
from veche.ui.testing import Access

TEXT = "г. Екатеринбург, ул. Ленина, 1-25 (нечётные), школа № 3"


def _territory():
    made = Territory.objects.filter(name="Участок 12").first()
    if made:  # a walk through all pages asks for it page by page
        return made
    made = add_territory(by=Actor.system(), name="Участок 12")
    territories.paste_houses(by=Actor.system(), territory_id=made.pk, text=TEXT)
    return made


def a_territory():
    return {"territory_id": _territory().pk}


def a_rule():
    return {"rule_id": _territory().rules.filter(is_read=True).first().pk}


def a_text():
    return {"text_id": _territory().texts.get().pk}


SEEN = {"everyone": 404, "administrator": 200, "coordinator": 200, "auditor": 200}
WHOLE = {"everyone": 403, "administrator": 200, "coordinator": 200, "auditor": 200}
DRAWS = {"everyone": 403, "administrator": 200, "coordinator": 200}
DONE = {"everyone": 403, "administrator": 302, "coordinator": 302}
REFUSED = {"everyone": 403, "administrator": 422, "coordinator": 422}
RESOLUTION = "Избирательный участок № 12\nул. Ленина, 1–25"

ACCESS = [
    Access("addresses:territories", everyone=200),
    Access("addresses:territories", query={"q": "Участок"}, everyone=200),
    Access("addresses:territories", kwargs={}, query={"whole": "999"}, everyone=404),
    Access("addresses:territory", kwargs=a_territory, **SEEN),
    Access("addresses:territory_houses", kwargs=a_territory, **SEEN),
    Access("addresses:doubles", **WHOLE),
    Access("addresses:gaps", **WHOLE),
    Access("addresses:gaps", query={"missing": "1"}, **WHOLE),
    Access("addresses:gaps", query={"kind": "?"}, **WHOLE | {"administrator": 404, "coordinator": 404, "auditor": 404}),
    Access("addresses:territory_about", kwargs=a_territory, **DRAWS),
    Access(
        "addresses:territory_about", "POST", kwargs=a_territory, data={"kind": "precinct", "town": "Екатеринбург"},
        **DONE,
    ),
    Access("addresses:territory_text", kwargs=a_territory, **DRAWS),
    Access("addresses:territory_text", "POST", kwargs=a_territory, data={"text": "ул. Мира, 5"}, **DRAWS),
    Access(
        "addresses:territory_text", "POST", kwargs=a_territory, data={"text": "ул. Мира, 5", "then": "save"}, **DONE
    ),
    Access("addresses:territory_text", "POST", kwargs=a_territory, data={"text": " ", "then": "save"}, **REFUSED),
    Access("addresses:territory_text_removal", "POST", kwargs=a_text, **DONE),
    Access("addresses:territory_rule", kwargs=a_rule, **DRAWS),
    Access("addresses:territory_rule", "POST", kwargs=a_rule, data={"text": "2–40 (чётные)"}, **DONE),
    Access("addresses:territory_rule", "POST", kwargs=a_rule, data={"text": "???"}, **REFUSED),
    Access("addresses:territory_rule_removal", "POST", kwargs=a_rule, **DONE),
    Access("addresses:precincts_new", **DRAWS),
    Access(
        "addresses:precincts_new", "POST", data={"text": RESOLUTION, "kind": "precinct", "town": "Тверь"}, **DRAWS
    ),
    Access(
        "addresses:precincts_new", "POST",
        data={"text": RESOLUTION, "kind": "precinct", "town": "Тверь", "then": "save"},
        everyone=403, administrator=302, coordinator=403,  # who names a territory decides who may see what
    ),
    Access("addresses:laying_out", "POST", **DONE),
]  # fmt: skip
