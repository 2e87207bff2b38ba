"""What every application of the suite does alike is done once in a process: it halves the time of the panel's tests."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine, event, make_url
from werkzeug.routing import BaseConverter, Rule
from werkzeug.routing.rules import RulePart

from bot.store.session import make_engine


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
    """A rule that is read, and its builders of addresses compiled, once: both depend on nothing but what the key names."""

    _known: ClassVar[dict[tuple[str, tuple[tuple[str, Any], ...], bool], Callable[..., tuple[str, str]]]] = {}
    _read: ClassVar[dict[str, tuple[list[RulePart], list[tuple[bool, str]], dict[str, BaseConverter]]]] = {}

    def _parse_rule(self, rule: str) -> Iterable[RulePart]:
        if rule not in self._read:
            reader = Rule(rule)
            reader.map, reader._trace, reader._converters = self.map, [], {}
            self._read[rule] = list(reader._parse_rule(rule)), reader._trace, reader._converters
        parts, trace, converters = self._read[rule]
        self._trace.extend(trace)
        self._converters.update(converters)
        self.arguments.update(converters)
        return parts

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


_engines: dict[str, tuple[Engine, dict[str, Any]]] = {}


def engine_for(url: str) -> Engine:
    """The one engine of this kind of database, led to this one from now on: it knows the statements compiled before.

    Dispose of it before the next test asks for one; two that a test uses at the same time are its own to make.
    """
    kind = url.partition(":")[0]
    if kind not in _engines:
        engine, target = make_engine(url), dict[str, Any]()
        _engines[kind] = engine, target

        @event.listens_for(engine, "do_connect")
        def _lead(_dialect: Any, _record: Any, arguments: list[Any], named: dict[str, Any]) -> None:
            arguments[:] = target["arguments"]
            named.update(target["named"])

    engine, target = _engines[kind]
    arguments, named = engine.dialect.create_connect_args(make_url(url))
    target.update(arguments=arguments, named=named)
    return engine
