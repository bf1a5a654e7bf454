"""Tags and filters of the frame and of components. Built in: templates need no `{% load ui %}`."""

from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect
from django.forms.widgets import ChoiceWidget
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from veche.ui import formats, islands
from veche.ui.frame import Frame
from veche.ui.icons import icon_svg

register = template.Library()

register.filter("count", formats.count)
register.filter("decimal", formats.decimal)
register.filter("percent", formats.percent)
register.filter("share", formats.share)
register.filter("size", formats.size)
register.filter("day", formats.day)
register.filter("plain_day", formats.plain_day)
register.filter("exact_day", formats.exact_day)
register.filter("moment", formats.moment)
register.filter("clock", formats.clock)
register.filter("ago", formats.ago)
register.filter("time_left", formats.left)
register.filter("phone", formats.phone)


@register.filter
def about(number: int | None) -> str:
    """An estimated count: ≈ 48 210."""
    return formats.count(number, estimated=True)


@register.filter
def masked_phone(number: str | None) -> str:
    """A phone that this reader may not see yet: +7 904 •••-27-40."""
    return formats.phone(number, masked=True)


@register.filter
def money(amount: Any, currency: str = "RUB") -> str:
    """A `Money`, or an amount in roubles."""
    if hasattr(amount, "minor"):
        return formats.money(amount.amount, amount.currency)
    return formats.money(amount, currency)


@register.filter
def or_dash(value: Any) -> Any:
    """A dash in an empty cell, never 0 and never "no data"."""
    return formats.NONE if value is None or value == "" else value


@register.simple_tag
def icon(name: str, size: str = "", title: str = "") -> SafeString:
    """An outline icon. `size`: "s" 14, "" 16, "l" 20, "xl" 22. `title` names one that stands alone."""
    css = f"i {size}".strip()
    if title:
        return format_html(
            '<span class="{}" role="img" aria-label="{}" title="{}">{}</span>',
            css,
            title,
            title,
            icon_svg(name),
        )
    return format_html('<span class="{}" aria-hidden="true">{}</span>', css, icon_svg(name))


@register.simple_tag(takes_context=True)
def frame(context: Context) -> Frame:
    """What the frame shows; `ui/base.html` calls it once."""
    return Frame(context["request"])


@register.simple_tag
def import_map() -> SafeString:
    """The import map's JSON; goes into `<script type="importmap" nonce=…>`."""
    return mark_safe(islands.import_map())  # made by json.dumps, "<" escaped


@register.simple_tag(takes_context=True)
def querystring_with(context: Context, **changes: Any) -> str:
    """This page's query with `changes`; None or "" removes a key, a page number is dropped unless named."""
    query = context["request"].GET.copy()
    query.pop("after", None)
    for key, value in changes.items():
        if value in (None, ""):
            query.pop(key, None)
        else:
            query[key] = value
    return "?" + query.urlencode()


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField, css: str = "", autofocus: bool = False, placeholder: str = "") -> dict[str, Any]:
    """A form field: label above, hint below, the error in the hint's place. Optional ones are marked."""
    widget = bound.field.widget
    choices = isinstance(widget, RadioSelect | CheckboxSelectMultiple)
    box = isinstance(widget, CheckboxInput)
    name = "v-cb" if box or isinstance(widget, CheckboxSelectMultiple) else "v-rb" if choices else "v-in"
    attrs = {"class": " ".join(filter(None, [name, css, "bad" if bound.errors and name == "v-in" else ""]))}
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if (bound.errors or bound.help_text) and bound.auto_id:
        attrs["aria-describedby"] = f"{bound.auto_id}_said"
    if autofocus:
        attrs["autofocus"] = True
    if placeholder:
        attrs["placeholder"] = placeholder
    hidden = bound.is_hidden
    return {
        "field": bound,
        "kind": "hidden" if hidden else "choices" if choices else "box" if box else "plain",
        "control": bound.as_widget(attrs=attrs if not hidden else None) if not choices else "",
        "options": list(bound.subwidgets) if choices else [],
        "option_css": name,
        "optional": not bound.field.required
        and not isinstance(widget, FileInput | CheckboxInput | ChoiceWidget),
    }


@register.inclusion_tag("ui/form_problems.html")
def form_problems(form: Any) -> dict[str, Any]:
    """What is wrong with the form as a whole; nothing when nothing is."""
    return {"problems": form.non_field_errors() if form.is_bound else []}


@register.inclusion_tag("ui/progress.html")
def progress(done: int | None, total: int | None, label: str, css: str = "") -> dict[str, Any]:
    """A bar with a name for screen readers; without a total it runs without an end."""
    return {"done": done, "total": total, "label": label, "css": css}


@register.inclusion_tag("ui/skeleton.html")
def skeleton(rows: int = 5) -> dict[str, Any]:
    """Grey bars in rows of the true height while a fragment loads; they show after 300 ms."""
    return {"rows": range(rows)}


@register.inclusion_tag("ui/split_bar.html")
def split_bar(parts: list[tuple[int, str]], label: str) -> dict[str, Any]:
    """Parts of a whole in one bar: pairs of (count, class), class "c1" to "c6", "none", "warn" or "stop".

    Drawn in SVG: the page's policy allows no style attribute. `label` says the same in words.
    """
    whole = sum(number for number, _css in parts) or 1
    drawn, start = [], 0.0
    for number, css in parts:
        width = number * 100 / whole
        if number:
            drawn.append({"x": f"{start:.3f}%", "width": f"{width:.3f}%", "css": css})
        start += width
    return {"parts": drawn, "label": label}


@register.inclusion_tag("ui/battery.html")
def battery(left: int, label: str) -> dict[str, Any]:
    """Contact budget: `left` of four cells are full; `label` says in words what was spent and when it refills."""
    level = {2: "mid", 1: "low"}.get(left, "")
    return {"cells": [cell < left for cell in range(4)], "level": level, "label": label}
