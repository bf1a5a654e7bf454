from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DedupeConfig(AppConfig):
    name = "veche.dedupe"
    label = "dedupe"

    def ready(self) -> None:
        from veche.accounts.registry import keep_out_of_presentations
        from veche.dedupe import events, jobs  # noqa: F401  they register themselves
        from veche.dedupe.actions.taking_part import take_part
        from veche.ui import registry

        keep_out_of_presentations("dedupe")
        take_part()
        registry.navigation.add(
            registry.NavItem(
                key="doubles", title=_("Likely doubles"), icon="arrows-join", url_name="dedupe:doubles", order=26,
                permission="dedupe.review",
            )
        )  # fmt: skip
        registry.commands.add(
            registry.Command(
                key="doubles", title=_("Likely doubles"), icon="arrows-join", url_name="dedupe:doubles", order=46,
                words=_("doubles duplicates merge same person twice dedupe"), permission="dedupe.review",
            )
        )  # fmt: skip
        registry.commands.add(
            registry.Command(
                key="doubles_search", title=_("Look for doubles"), icon="list-search", url_name="dedupe:searches",
                order=47, words=_("doubles duplicates search rules nightly"), permission="dedupe.find",
            )
        )  # fmt: skip
