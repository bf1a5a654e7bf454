"""Names of the statuses and roles that Veche ships, translated until a team renames them."""

from django.utils.translation import gettext_noop as _

STATUSES = {
    "active": _("Active"),
    "incorrect": _("Incorrect contact"),
    "moved": _("Moved away"),
    "refused": _("Asked not to be contacted"),
    "died": _("Died"),
}
ROLES = {
    "supporter": _("Supporter"),
    "house_elder": _("House elder"),
    "donor": _("Donor"),
    "beneficiary": _("Beneficiary"),
    "volunteer": _("Volunteer"),
    "party_member": _("Party member"),
    "owners_association": _("Member of a homeowners' association"),
    "official": _("Official"),
    "journalist": _("Journalist"),
    "collector": _("Signature collector"),
    "observer": _("Election observer"),
}
SHIPPED = {**STATUSES, **ROLES}
