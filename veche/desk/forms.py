"""Shape of what users say about their notices."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from veche.core.actor import Actor
from veche.desk.models import NoticeWishes
from veche.desk.queries.notices import kinds_for
from veche.ui.action_form import ActionForm


class NoticesForm(ActionForm):
    """Kinds by their switches, and quiet hours."""

    wanted = forms.MultipleChoiceField(
        label=_("Tell me when"), required=False, widget=forms.CheckboxSelectMultiple
    )
    quiet_from = forms.TimeField(
        label=_("Quiet from"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M")
    )
    quiet_to = forms.TimeField(
        label=_("Quiet until"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        help_text=_(
            "In these hours nothing lights up; what comes waits in the list. Security is told at once."
        ),
    )

    def __init__(self, *args, actor: Actor, wishes: NoticeWishes, **options):
        switches = [kind for kind in kinds_for(actor) if not kind.urgent]
        initial = {
            "wanted": [kind.key for kind in switches if kind.key not in wishes.off],
            "quiet_from": wishes.quiet_from,
            "quiet_to": wishes.quiet_to,
        }
        super().__init__(*args, initial=initial, **options)
        self.fields["wanted"].choices = [(kind.key, kind.title) for kind in switches]
