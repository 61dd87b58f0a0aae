"""Spans of dates as few whole months and single days; pure.

A period is a number: `20270226` is a day, `202702` its month.
"""

import calendar
from datetime import date, timedelta

FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)
# What is larger is a day.
LAST_MONTH = 9999_12


def of(day: date) -> tuple[int, int]:
    """The two periods a day is counted in."""
    return _day(day), _month(day)


def within(first: date | None, last: date | None) -> list[tuple[int, int]]:
    """The ranges of periods (ends included) that add up to the days from `first` to `last`; None leaves a side open."""
    first, last = first or FIRST, last or LAST
    if first > last:
        return []
    months_from, months_to = first, last
    found: list[tuple[int, int]] = []
    if first.day > 1:
        end = min(_end_of_month(first), last)
        found.append((_day(first), _day(end)))
        if end == last:
            return found
        months_from = end + timedelta(days=1)
    if last != _end_of_month(last):
        begin = last.replace(day=1)
        found.append((_day(begin), _day(last)))
        if begin == months_from:
            return found
        months_to = begin - timedelta(days=1)
    return [*found, (_month(months_from), _month(months_to))]


def _day(day: date) -> int:
    return day.year * 10000 + day.month * 100 + day.day


def _month(day: date) -> int:
    return day.year * 100 + day.month


def _end_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
