"""What every application of the suite does alike is done once in a process: it halves the time of the panel's tests."""

from collections.abc import Callable
from typing import Any, ClassVar

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


class _Templates(BytecodeCache):
    """Compiled templates; Jinja itself asks whether the source is still the same."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._known:
            bucket.bytecode_from_string(self._known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key] = bucket.bytecode_to_string()


class _Rule(Rule):
    """A rule whose builders of addresses are compiled once: they depend on nothing but what the key names."""

    _known: ClassVar[dict[tuple[str, tuple[tuple[str, Any], ...], bool], Callable[..., tuple[str, str]]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = self.rule, tuple(sorted((self.defaults or {}).items())), append_unknown
        if key not in self._known:
            self._known[key] = super()._compile_builder(append_unknown)
        return self._known[key]


class SharingFlask(Flask):
    """An application like any other, but for the work it shares with those before it."""

    url_rule_class = _Rule
    _templates = _Templates()

    def create_jinja_environment(self) -> Any:
        """The environment of Flask, with the templates that others compiled."""
        environment = super().create_jinja_environment()
        environment.bytecode_cache = self._templates
        return environment
