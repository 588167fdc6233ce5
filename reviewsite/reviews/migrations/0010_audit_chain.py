"""The audit trail becomes a chain: each entry is numbered and holds the hash of the one before in its review."""

import hashlib
import json
import secrets
from datetime import UTC

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEY_NAMES = {"study_pk", "kept_pk", "left_out_pk", "report", "reports", "bulk"}


def _whole(value):
    if isinstance(value, dict):
        return {name: _whole(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_whole(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _hash(entry):
    said = {
        "number": entry.number,
        "previous": entry.previous,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor_email,
        "act": entry.act,
        "details": {name: value for name, value in entry.details.items() if name not in KEY_NAMES},
        "blind_kind": entry.blind_kind,
        "salt": entry.salt,
    }
    text = json.dumps(said, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def chain(apps, editor):
    """Number and hash what was written before there was a chain, in the order in which it was written."""
    entries = apps.get_model("reviews", "AuditEntry").objects
    addresses = dict(apps.get_model("reviews", "User").objects.values_list("pk", "email"))
    last = {}
    for entry in entries.order_by("review", "at", "pk").iterator(chunk_size=500):
        entry.details = _whole(entry.details)
        if isinstance(entry.details.get("person"), int):
            entry.details["person"] = addresses.get(entry.details["person"], "")
        # Said of many votes at once, some of which may still be blind.
        entry.blind_kind = "own" if entry.act == "decided on many at once" else ""
        number, previous = last.get(entry.review_id, (0, ""))
        entry.number, entry.previous = number + 1, previous
        entry.actor_email = addresses.get(entry.actor_id, "")
        entry.salt = secrets.token_hex(16)
        entry.sha256 = _hash(entry)
        entry.save()
        last[entry.review_id] = (entry.number, entry.sha256)


class Migration(migrations.Migration):
    dependencies = [("reviews", "0009_attempts_and_invitations")]

    operations = [
        migrations.AddField("AuditEntry", "number", models.PositiveIntegerField(default=0, help_text="From 1 on within the review."), preserve_default=False),
        migrations.AddField("AuditEntry", "actor_email", models.CharField(blank=True, help_text="As it was then.", max_length=254, default=""), preserve_default=False),
        migrations.AddField(
            "AuditEntry",
            "blind_kind",
            models.CharField(
                blank=True,
                default="",
                choices=[
                    ("title_abstract", "A vote on title and abstract"),
                    ("full_text", "A vote on the full text"),
                    ("extraction", "An extraction"),
                    ("assessment", "A judgement of risk of bias"),
                    ("own", "Nobody else's business"),
                ],
                max_length=20,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "AuditEntry",
            "blind_key",
            models.BigIntegerField(help_text="The row that says whether it is still blind.", null=True),
        ),
        migrations.AddField(
            "AuditEntry",
            "previous",
            models.CharField(blank=True, default="", help_text="Hash of the entry before.", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField("AuditEntry", "salt", models.CharField(default="", max_length=32), preserve_default=False),
        migrations.AddField("AuditEntry", "sha256", models.CharField(default="", max_length=64), preserve_default=False),
        migrations.AlterField(
            "AuditEntry",
            "actor",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(chain, migrations.RunPython.noop),
        migrations.AlterModelOptions(
            "AuditEntry", {"ordering": ["-number"], "verbose_name_plural": "audit entries"}
        ),
        migrations.AddConstraint(
            "AuditEntry",
            models.UniqueConstraint(fields=("review", "number"), name="one_audit_entry_per_number"),
        ),
        migrations.AddConstraint(
            "AuditEntry",
            models.UniqueConstraint(fields=("review", "previous"), name="the_audit_log_does_not_fork"),
        ),
    ]
