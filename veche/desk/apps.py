from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DeskConfig(AppConfig):
    name = "veche.desk"
    label = "desk"
    verbose_name = _("Desk")

    def ready(self) -> None:
        from veche.contacts import registry as contacts
        from veche.contacts.actions.erasing import delete_rows
        from veche.contacts.actions.merging_rows import hand_over
        from veche.core.tidings import kinds
        from veche.desk import events, jobs, subscribers  # noqa: F401  events make themselves known
        from veche.desk.queries import notice_kinds, notices
        from veche.ui import registry

        for kind in notice_kinds.KINDS:
            kinds.add(kind)
        subscribers.subscribe_kinds()
        contacts.merge_participants.add(
            contacts.MergeParticipant(
                "desk_notice", "notices tell of the one that stays", hand_over("desk_notice"), is_log=True
            )
        )
        contacts.erasure_participants.add(
            contacts.ErasureParticipant(
                "desk_notice", "notices of them are deleted", delete_rows("desk_notice")
            )
        )
        registry.unread.append(notices.unread_count)
        for door in ("bell", "notice_choices", "presence"):
            registry.doors.open(door, f"desk:{door}")
        registry.doors.open("notifications", "desk:notices")

        registry.doors.open("home", "desk:home")
        registry.doors.open("search", "desk:search")
        registry.navigation.add(
            registry.NavItem(
                key="home",
                title=pgettext_lazy("page", "Home"),
                icon="home",
                url_name="desk:home",
                order=10,
                permission="desk.use",
                phone=True,
            )
        )
