from django.db import migrations, models

from screening.citations import word_index


def make(apps, editor) -> None:
    word_index.make(editor)


def unmake(apps, editor) -> None:
    word_index.unmake(editor)


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0007_extraction_mode"),
        ("screening", "0011_flow_events_and_published_versions"),
    ]

    operations = [
        migrations.AddField(
            model_name="rankingrun",
            name="has_failed",
            field=models.BooleanField(default=False, help_text="The order before it stands."),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(fields=["search_run", "citation"], name="record_by_run_and_citation"),
        ),
        migrations.RunPython(make, unmake),
    ]
