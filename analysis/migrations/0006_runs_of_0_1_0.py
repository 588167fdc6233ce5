"""Runs of version 0.1.0, which pooled proportions of one group only, are told in the present form.

Their snapshots held a row as one group; their results lack what later versions tell beside the estimate. The
same rows are pooled again by their own plan, and a run is only rewritten when that gives the estimate it stored.
"""

import hashlib
import json
import math

from django.db import migrations

KEYS = ("result_pk", "extraction_pk", "agreed_by", "change_reason")
TOLERANCE = 1e-9


def hash_of_then(rows, left_out):
    told = [{name: value for name, value in row.items() if name not in left_out} for row in rows]
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def in_the_present_form(row):
    told = dict(row)
    told["experimental"] = {
        "label": told.pop("arm"),
        "events": told.pop("events"),
        "n": told.pop("n"),
        "provenance": told.pop("provenance"),
        "result_pk": told.pop("result_pk"),
    }
    return told


def forwards(apps, editor):
    # Pure modules: they know nothing of models, so they fit whatever the tables look like.
    from analysis.estimate.plan import plan_from
    from analysis.pooling import PoolingError
    from analysis.estimate.results import as_json
    from analysis.estimate.rows import row_from, sha256_of

    runs = apps.get_model("analysis", "AnalysisRun").objects
    for snapshot in apps.get_model("analysis", "DatasetSnapshot").objects.order_by("pk"):
        if not any("arm" in row for row in snapshot.rows):
            continue
        # One whose rows do not match its hash was changed by hand; it must go on being told of.
        if hash_of_then(snapshot.rows, KEYS) != snapshot.sha256:
            continue
        rows = [row_from(in_the_present_form(row)) for row in snapshot.rows]
        for run in runs.filter(snapshot=snapshot):
            try:
                again = as_json(rows, plan_from(run.plan))
            except PoolingError:
                continue
            if run.result and math.isclose(again["estimate"], run.result["estimate"], rel_tol=TOLERANCE):
                run.result = again
                run.save(update_fields=["result"])
        snapshot.rows = [in_the_present_form(row) for row in snapshot.rows]
        snapshot.sha256 = sha256_of(rows)
        snapshot.save(update_fields=["rows", "sha256"])


class Migration(migrations.Migration):
    dependencies = [("analysis", "0005_hash_without_keys")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
