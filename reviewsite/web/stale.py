"""Forms that notice when somebody else has changed the same thing since the page was opened.

A page carries a short digest of each value that it showed. When one of them is another by the time it comes,
nothing is stored: the person sees what was changed, keeps what they typed, and may store it all the same.
"""

import hashlib
import json
from typing import Any

from django.db.models import Model, QuerySet
from django.forms import BaseForm, ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

SEEN = "seen"
LONGEST_SHOWN = 80


class StaleAware(BaseForm):
    """Mix in before the form's own class, and put `{{ form.seen_input }}` into the template."""

    @property
    def seen_input(self) -> SafeString:
        return format_html('<input type="hidden" name="{}" value="{}">', SEEN, json.dumps(self._now()))

    def _now(self) -> dict[str, str]:
        return {name: _digest(self._stored(name)) for name in self.fields}

    def _stored(self, name: str) -> Any:
        return _plain(self.get_initial_for_field(self.fields[name], name))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        changed = self._changed_since_seen()
        if changed:
            told = "; ".join(f"{self._label(name)}: {_shown(self._stored(name))}" for name in changed)
            raise ValidationError(
                gettext(
                    "Somebody has changed this since you opened the page, so nothing was stored. What stands "
                    "there now is %(told)s. Your own text is below; store again to put it in place of theirs."
                )
                % {"told": told}
            )
        return cleaned if cleaned is not None else self.cleaned_data

    def _changed_since_seen(self) -> list[str]:
        try:
            seen = json.loads(self.data.get(SEEN) or "{}")
        except (ValueError, RecursionError):
            return []
        now = self._now()
        return [name for name in now if isinstance(seen, dict) and seen.get(name, now[name]) != now[name]]

    def _label(self, name: str) -> str:
        return str(self.fields[name].label or name.replace("_", " ").capitalize())


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, QuerySet | list | tuple | set):
        return sorted((_plain(each) for each in value), key=str)
    return "" if value is None else value


def _digest(value: Any) -> str:
    return hashlib.sha256(str(value).replace("\r\n", "\n").encode()).hexdigest()[:12]


def _shown(value: Any) -> str:
    text = " ".join(str(value).split())
    return f"“{text[:LONGEST_SHOWN]}…”" if len(text) > LONGEST_SHOWN else f"“{text}”"
