"""Figures and findings in the text format of Prometheus, made when they are asked for; nothing is counted meanwhile."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from typing_extensions import override

from campaign.mail.figures import ENDED_BADLY, Channel, Figures
from campaign.operations.findings import Finding, Severity

_CHANNEL = {
    "waiting": "Letters that wait, or are in hand",
    "due": "Letters that are due and not sent",
    "in_hand": "Letters being handed over",
    "in_doubt": "Waiting letters that were handed over without an answer",
    "sent_hour": "Letters sent in the last hour",
    "sent_day": "Letters sent in the last day",
}
_LEVEL = {Severity.OK: 0, Severity.WARNING: 1, Severity.FAULT: 2}


def text(figures: Figures, findings: Iterable[Finding], *, skew: float) -> bytes:
    """`skew` in seconds: this machine's clock less the database's."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Once([*_letters(figures), *_parts(figures), _hosts(figures), _skew(skew), _findings(findings)]))
    return generate_latest(registry)


class _Once(Collector):
    def __init__(self, families: Iterable[GaugeMetricFamily]) -> None:
        self._families = list(families)

    @override
    def collect(self) -> Iterable[GaugeMetricFamily]:
        return self._families


def _letters(figures: Figures) -> Iterable[GaugeMetricFamily]:
    for name, about in _CHANNEL.items():
        family = GaugeMetricFamily(f"campaign_letters_{name}", about, labels=["channel"])
        for channel, numbers in figures.channels.items():
            family.add_metric([channel], getattr(numbers, name))
        yield family
    oldest = GaugeMetricFamily(
        "campaign_letters_oldest_due_seconds", "How long the oldest due letter waits", labels=["channel"]
    )
    ended = GaugeMetricFamily(
        "campaign_letters_ended", "Letters that ended badly in the last day", labels=["channel", "status"]
    )
    for channel, numbers in figures.channels.items():
        oldest.add_metric([channel], numbers.oldest.total_seconds())
        _ended(ended, channel, numbers)
    yield oldest
    yield ended
    yield GaugeMetricFamily(
        "campaign_letters_other_rules", "Waiting letters planned by other time zone rules", value=figures.other_rules
    )


def _ended(family: GaugeMetricFamily, channel: str, numbers: Channel) -> None:
    for status in ENDED_BADLY:
        family.add_metric([channel, status.value], numbers.ended.get(status, 0))


def _parts(figures: Figures) -> Iterable[GaugeMetricFamily]:
    family = GaugeMetricFamily("campaign_seen_seconds", "How long ago a part was seen alive", labels=["part"])
    for part in sorted(figures.heartbeats):
        age = figures.age(part)
        family.add_metric([part], age.total_seconds() if age else 0.0)
    yield family


def _hosts(figures: Figures) -> GaugeMetricFamily:
    family = GaugeMetricFamily("campaign_host_failures", "How often a host did not answer in a row", labels=["host"])
    for host in figures.hosts:
        family.add_metric([host.name], host.failures)
    return family


def _skew(skew: float) -> GaugeMetricFamily:
    return GaugeMetricFamily("campaign_clock_skew_seconds", "This machine's clock less the database's", value=skew)


def _findings(findings: Iterable[Finding]) -> GaugeMetricFamily:
    family = GaugeMetricFamily("campaign_finding", "0 right, 1 somebody should look, 2 wrong", labels=["subject"])
    for finding in findings:
        family.add_metric([finding.subject], _LEVEL[finding.severity])
    return family
