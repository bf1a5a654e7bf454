"""Template tags: icons, fields, bars."""

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from veche.core.money import Money


def render(text: str, **context) -> str:
    return Template(text).render(Context(context))


def test_an_icon_is_silent_beside_words_and_named_alone():
    silent = render('{% icon "users" "s" %}')
    assert 'class="i s" aria-hidden="true"' in silent
    assert 'stroke-width="1.75"' in silent
    named = render('{% icon "users" "" title %}', title='A "person"')
    assert 'role="img" aria-label="A &quot;person&quot;"' in named


@pytest.mark.parametrize("name", ["no-such-icon", "../../../package", "users.svg", ""])
def test_a_missing_icon_is_an_error(name):
    with pytest.raises(TemplateSyntaxError):
        render("{% icon name %}", name=name)


class Sample(forms.Form):
    name = forms.CharField(label="Name")
    since = forms.CharField(label="Since", help_text="Write “90 days”.", required=False)
    sure = forms.BooleanField(label="Sure", required=False)
    kind = forms.ChoiceField(
        label="Kind", choices=[("a", "One"), ("b", "Two")], widget=forms.RadioSelect, help_text="Say"
    )
    many = forms.MultipleChoiceField(
        label="Many", choices=[("a", "One")], widget=forms.CheckboxSelectMultiple
    )
    token = forms.CharField(widget=forms.HiddenInput)


def test_a_field_has_its_label_hint_and_mark():
    text = render("{% field form.since %}", form=Sample())
    assert '<label for="id_since">Since <span class="opt">' in text
    assert 'aria-describedby="id_since_said"' in text
    assert '<div class="hint" id="id_since_said">Write “90 days”.</div>' in text
    assert "opt" not in render("{% field form.name %}", form=Sample())


def test_an_error_stands_in_place_of_the_hint():
    form = Sample({})
    form.add_error("since", "Give an example.")
    text = render("{% field form.since %}", form=form)
    assert '<div class="error" id="id_since_said">Give an example.</div>' in text
    assert "90 days" not in text
    assert 'aria-invalid="true"' in text
    assert 'class="v-in bad"' in text


def test_boxes_and_choices_are_labelled_by_one_click():
    box = render("{% field form.sure %}", form=Sample({"sure": "on"}))
    assert '<label class="v-choice" for="id_sure"><input type="checkbox"' in box
    assert "checked" in box
    radios = render("{% field form.kind %}", form=Sample({"kind": "b"}))
    assert radios.count("<fieldset") == 1
    assert 'value="b" id="id_kind_1" checked' in radios
    assert 'type="checkbox" name="many"' in render("{% field form.many %}", form=Sample())


def test_a_hidden_field_is_only_itself():
    assert render("{% field form.token %}", form=Sample()).strip().startswith("<input")


def test_a_refusal_of_the_whole_form():
    form = Sample({})
    assert render("{% form_problems form %}", form=form).strip() == ""
    form.add_error(None, "Two < three.")
    assert "Two &lt; three." in render("{% form_problems form %}", form=form)


def test_a_bar_without_a_total_has_no_end():
    assert 'max="8019" value="4972"' in render('{% progress 4972 8019 "Import" %}')
    assert "value" not in render('{% progress 0 None "Import" %}')


def test_numbers_in_attributes_are_never_written_the_russian_way():
    from django.utils.translation import override

    with override("ru"):
        text = render(
            "{% progress 1234567 7654321 label %}{% split_bar parts label %}",
            label="x",
            parts=[(1, "c1"), (2, "c2")],
        )
    assert 'max="7654321" value="1234567"' in text
    assert 'width="33.333%"' in text
    assert 'x="33.333%"' in text


def test_parts_of_nothing_draw_nothing():
    assert "<rect" not in render('{% split_bar parts "x" %}', parts=[(0, "c1")])


def test_the_battery_says_in_words_what_it_shows():
    text = render('{% battery 2 "2 of 4 left" %}')
    assert text.count('class="f"') == 2
    assert 'class="v-batt mid" role="img" aria-label="2 of 4 left"' in text


def test_money_of_every_kind():
    assert (
        render("{{ m|money }} {{ n|money }} {{ none|money }}", m=Money(150050), n=20, none=None).count("₽")
        == 2
    )


def test_the_query_with_changes_forgets_the_place_in_the_list():
    request = RequestFactory().get("/?sort=name&after=77&tag=1&tag=2")
    text = Template('{% querystring_with sort="date" campaign=None %}').render(Context({"request": request}))
    assert text == "?sort=date&amp;tag=1&amp;tag=2"
