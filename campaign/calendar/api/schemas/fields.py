"""Short ways to write a field of an answer: always there, described, null only where that is said."""

from typing import Any

from marshmallow import Schema
from marshmallow import fields as kinds


def text(description: str, *, is_null: bool = False, **more: Any) -> kinds.String:
    return kinds.String(required=True, allow_none=is_null, metadata={"description": description, **more})


def one_of(description: str, values: Any, *, is_null: bool = False) -> kinds.String:
    known: list[str | None] = [str(value) for value in values]
    return text(description, is_null=is_null, enum=known + ([None] if is_null else []))


def moment(description: str, *, is_null: bool = False) -> kinds.String:
    return text(description, is_null=is_null, format="date-time", example="2027-02-26T17:00:00Z")


def address(description: str, *, is_null: bool = False) -> kinds.String:
    return text(description, is_null=is_null, format="uri")


def yes(description: str) -> kinds.Boolean:
    return kinds.Boolean(required=True, metadata={"description": description})


def number(description: str, *, is_null: bool = False, **more: Any) -> kinds.Integer:
    return kinds.Integer(required=True, allow_none=is_null, metadata={"description": description, **more})


def degrees(description: str) -> kinds.Float:
    return kinds.Float(required=True, metadata={"description": description})


def one(shape: type[Schema], description: str, *, is_null: bool = False) -> kinds.Nested:
    return kinds.Nested(shape, required=True, allow_none=is_null, metadata={"description": description})


def many(inner: Any, description: str) -> kinds.List[Any]:
    item = kinds.Nested(inner) if isinstance(inner, type) else inner
    return kinds.List(item, required=True, metadata={"description": description})


def words(description: str, *, values: Any = None, keys: dict[str, Any] | None = None) -> kinds.Dict:
    """Texts, or what `values` says, by name; `keys` says more of the names."""
    return kinds.Dict(
        keys=kinds.String(metadata=keys or {}),
        values=values or kinds.String(),
        required=True,
        metadata={"description": description},
    )
