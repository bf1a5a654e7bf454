"""Exports that are letters: labels and envelopes as PDF. Only the choices of a form; no table is touched."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0011_say_whom_a_left_out_row_is_about")]

    operations = [
        migrations.AlterField(
            model_name="export",
            name="form",
            field=models.CharField(
                choices=[("xlsx", "Excel (.xlsx)"), ("csv", "CSV"), ("pdf", "PDF")],
                default="xlsx",
                max_length=4,
            ),
        ),
    ]
