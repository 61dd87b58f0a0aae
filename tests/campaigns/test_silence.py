"""The moment a campaign keeps, as its configuration file says it."""

from datetime import date, datetime, time

import pytest
import yaml

from campaign.campaigns import configuration, silence
from campaign.campaigns.silence import Mode

PLAIN = "campaign: c\nnames: {en: C}\nday: {month: 2, day: 26}\n"


@pytest.mark.parametrize(
    ("text", "mode", "at"),
    [
        ('{mode: local, at: "17:00"}', Mode.LOCAL, time(17)),
        ("{mode: local, at: 17:00}", Mode.LOCAL, time(17)),  # YAML reads a number of minutes.
        ('{mode: local, at: "9.05"}', Mode.LOCAL, time(9, 5)),
        ('{mode: instant, at: "13:00Z"}', Mode.INSTANT, time(13)),
    ],
)
def test_local_hour_or_one_instant(text: str, mode: Mode, at: time) -> None:
    read = silence.read(yaml.safe_load(text))
    assert read is not None
    assert (read.mode, read.at) == (mode, at)


@pytest.mark.parametrize("text", ["off", "{mode: off}", '"off"', "null"])
def test_none_is_kept(text: str) -> None:
    assert silence.read(yaml.safe_load(text)) is None
    assert configuration.read(f"{PLAIN}silence: {text}\n").slug == "c"


@pytest.mark.parametrize(
    "text",
    ['{mode: local, at: "25:00"}', '{mode: local, at: "13:00Z"}', '{mode: instant, at: "13:00"}', "{mode: x}", "7"],
)
def test_what_cannot_be_kept_is_refused_at_import(text: str) -> None:
    with pytest.raises(configuration.ConfigurationError, match="`silence`"):
        configuration.read(f"{PLAIN}silence: {text}\n")


def test_the_instant_in_a_zone() -> None:
    local, instant = (silence.read(x) for x in ({"mode": "local", "at": "17:00"}, {"mode": "instant", "at": "13:00Z"}))
    assert local is not None
    assert instant is not None
    day = date(2027, 2, 26)
    assert local.kept_at(day, "Asia/Kathmandu") == datetime.fromisoformat("2027-02-26T11:15:00+00:00")
    assert instant.kept_at(day, "Asia/Kathmandu") == datetime.fromisoformat("2027-02-26T13:00:00+00:00")
