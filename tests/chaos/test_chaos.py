"""Small doses of what `make chaos` does at full size, and the broken builds that the same harness must convict."""

import pytest

from tests.chaos import away, inbound, outbound
from tests.chaos.controls import Broken, broken
from tests.chaos.verdict import Verdict

_SEEDS = (1, 2, 3)


def _kept(verdict: Verdict) -> None:
    assert verdict.kept, f"{verdict.name}: {verdict.broken} {verdict.figures}"


def test_nothing_is_lost_or_sent_twice_when_workers_and_the_database_are_killed() -> None:
    verdict = outbound.run(outbound.SMALL)
    _kept(verdict)
    assert verdict.figures["at the provider"] == outbound.SMALL.sends
    assert verdict.figures["kill -9 of workers"] >= outbound.SMALL.kills


def test_every_acknowledged_webhook_has_exactly_one_row_when_web_processes_are_killed() -> None:
    verdict = inbound.run(inbound.SMALL)
    _kept(verdict)
    assert verdict.figures["acknowledged"] == inbound.SMALL.webhooks


def test_what_is_acknowledged_while_the_database_is_away_arrives_after_it() -> None:
    verdict = away.run(away.SMALL)
    _kept(verdict)
    assert verdict.figures["acknowledged while away"] > 0


@pytest.mark.parametrize("build", broken(outbound.SMALL, inbound.SMALL, away.SMALL), ids=lambda build: build.build)
def test_a_broken_build_is_convicted(build: Broken) -> None:
    control = build.try_it(_SEEDS)
    assert control.convicted, f"{control.verdict.name} got by: {control.verdict.broken}"
