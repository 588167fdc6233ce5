"""A client that calls the API with a token."""

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client

from reviewsite.api.tokens import make_token


@dataclass
class Caller:
    """Somebody's program."""

    client: Client
    token: str

    def get(self, path: str, **query: Any) -> tuple[int, Any]:
        return self._told(self.client.get(f"/api/v1{path}", query, HTTP_AUTHORIZATION=f"Bearer {self.token}"))

    def post(self, path: str, body: Any = None) -> tuple[int, Any]:
        return self._told(
            self.client.post(
                f"/api/v1{path}",
                json.dumps(body),
                content_type="application/json",
                HTTP_AUTHORIZATION=f"Bearer {self.token}",
            )
        )

    @staticmethod
    def _told(answer: Any) -> tuple[int, Any]:
        return answer.status_code, json.loads(answer.content)


def caller(person: Any, *, may_write: bool = True) -> Caller:
    _, text = make_token(person=person, name="Test", may_write=may_write, days=None)
    return Caller(Client(), text)
