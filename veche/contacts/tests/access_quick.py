"""Who may add people line by line."""

from veche.contacts.testing import make_person
from veche.ui.testing import Access

ADDERS = {"everyone": 403, "administrator": 200, "coordinator": 200, "operator": 200}
LINE = {"text": "Дарт Вейдер, 8 904 000-27-40"}


def somebody():
    return {"id": make_person().pk}


QUICK = [
    Access("contacts:quick_add", **ADDERS),
    Access("contacts:quick_preview", "POST", **ADDERS, data=LINE, htmx=True),
    Access("contacts:quick_entries", "POST", **ADDERS, data=LINE, htmx=True),
    Access("contacts:quick_entries", "POST", **ADDERS | {"administrator": 422, "coordinator": 422, "operator": 422},
           data={"text": "нет"}, htmx=True),
    Access("contacts:quick_undo", "POST", **ADDERS | {"administrator": 204, "coordinator": 204, "operator": 204},
           query=somebody, htmx=True),
]  # fmt: skip
