"""The OpenAPI description as the documentation page shows it."""

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Parameter:
    name: str
    place: str
    required: bool
    default: str
    note: str


@dataclass
class Operation:
    key: str
    method: str
    path: str
    summary: str
    note: str
    parameters: list[Parameter] = field(default_factory=list)
    body: str = ""
    answer: str = ""


def operations(described: dict[str, Any]) -> list[tuple[str, list[Operation]]]:
    """The operations by what they are about, in the order in which they are defined."""
    groups: dict[str, list[Operation]] = {}
    for path, methods in described["paths"].items():
        for method, told in methods.items():
            groups.setdefault(told["tags"][0], []).append(_operation(path, method, told, described))
    return list(groups.items())


def _operation(path: str, method: str, told: dict[str, Any], described: dict[str, Any]) -> Operation:
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    answer = told["responses"].get(200, told["responses"].get("200", {}))
    schema = answer.get("content", {}).get("application/json", {}).get("schema")
    return Operation(
        key=told["operationId"],
        method=method.upper(),
        path=path,
        summary=told.get("summary", ""),
        note=told.get("description", ""),
        parameters=[_parameter(each) for each in told.get("parameters", [])],
        body=json.dumps(_example(body, described), indent=2) if body else "",
        answer=json.dumps(_example(schema, described), indent=2) if schema else "",
    )


def _parameter(told: dict[str, Any]) -> Parameter:
    schema = told["schema"]
    note = told.get("description") or schema.get("description", "")
    default = schema.get("default", "")
    return Parameter(told["name"], told["in"], told.get("required", False), str(default), note)


SHOWN = {"integer": 1, "number": 0.5, "boolean": False, "string": "text", "null": None}


def _example(schema: dict[str, Any], described: dict[str, Any]) -> Any:
    """A value of the schema's form."""
    if "$ref" in schema:
        return _example(described["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], described)
    if "default" in schema and schema["default"] not in (None, "", [], {}):
        return schema["default"]
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return _example(schema[several][0], described)
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "array":
        return [_example(schema.get("items", {}), described)]
    if kind == "object":
        properties = schema.get("properties", {})
        if not properties and isinstance(schema.get("additionalProperties"), dict):
            return {"name": _example(schema["additionalProperties"], described)}
        return {name: _example(each, described) for name, each in properties.items()}
    if schema.get("format") == "uuid":
        return "00000000-0000-4000-8000-000000000000"
    if schema.get("format") == "date-time":
        return "2026-01-31T12:00:00Z"
    return SHOWN.get(str(kind))
