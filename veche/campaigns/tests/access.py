"""Who may open what of campaigns; run by config/tests/test_access_matrix.py."""

from veche.campaigns.testing import make_campaign
from veche.ui.testing import Access


def a_campaign():
    """One that no team of the cast's operator and volunteer works in."""
    return {"campaign_id": make_campaign().pk}


STRANGERS = {"operator": 404, "volunteer": 404}
NEW = {"name": "Парк", "kind": "petition", "colour": "1"}

ACCESS = [
    Access("campaigns:campaigns", everyone=200),
    Access("campaigns:archive", everyone=200),
    Access("campaigns:campaign_new", administrator=200, coordinator=200, everyone=403),
    Access("campaigns:campaign_new", "POST", data=NEW, administrator=302, coordinator=302, everyone=403),
    Access(
        "campaigns:campaign", kwargs=a_campaign, administrator=200, coordinator=200, auditor=403, **STRANGERS
    ),
    Access(
        "campaigns:campaign",
        "POST",
        kwargs=a_campaign,
        data=NEW,
        administrator=302,
        coordinator=302,
        auditor=403,
        **STRANGERS,
    ),
    Access(
        "campaigns:campaign_archive",
        "POST",
        kwargs=a_campaign,
        administrator=302,
        coordinator=302,
        auditor=403,
        **STRANGERS,
    ),
    Access(
        "campaigns:campaign_reopen",
        "POST",
        kwargs=a_campaign,
        administrator=302,
        coordinator=302,
        auditor=403,
        **STRANGERS,
    ),
]
