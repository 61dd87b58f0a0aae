"""When a reminder falls due, to the second, wherever its event takes place.

Every instant was worked out by hand from what the clocks of the place showed: the reason stands beside it.
"""

from datetime import UTC, datetime

import pytest

from campaign.places import moments

# zone, wall time of the event, how long before; the instant in UTC; the offset at that hour, and why.
TABLE = """
Asia/Baku                       2027-02-26T18:00 P1D   2027-02-25T14:00:00 +4, all year
Asia/Baku                       2027-02-26T18:00 P7D   2027-02-19T14:00:00 +4
Asia/Baku                       2027-02-26T18:00 PT2H  2027-02-26T12:00:00 +4
Asia/Baku                       2027-02-26T18:00 P1M   2027-01-26T14:00:00 +4
Europe/London                   2027-02-26T12:00 P1D   2027-02-25T12:00:00 0 in winter
Europe/Istanbul                 2027-02-26T19:00 P1D   2027-02-25T16:00:00 +3, all year
America/New_York                2027-02-26T18:30 P1D   2027-02-25T23:30:00 -5 in winter
America/Argentina/Buenos_Aires  2027-02-26T20:00 P7D   2027-02-19T23:00:00 -3, all year
Asia/Tokyo                      2027-02-26T10:00 PT2H  2027-02-25T23:00:00 +9: the day before in UTC

Asia/Kolkata                    2027-02-26T17:45 P1D   2027-02-25T12:15:00 +5:30
Asia/Kathmandu                  2027-02-26T12:00 P1D   2027-02-25T06:15:00 +5:45
Australia/Eucla                 2027-02-26T12:00 P1D   2027-02-25T03:15:00 +8:45
Pacific/Marquesas               2027-02-26T20:00 P1D   2027-02-26T05:30:00 -9:30
Asia/Tehran                     2027-06-26T12:00 P1D   2027-06-25T08:30:00 +3:30, no summer time since 2022
Asia/Kabul                      2027-02-26T09:00 P1D   2027-02-25T04:30:00 +4:30
America/St_Johns                2027-02-26T12:00 P1D   2027-02-25T15:30:00 -3:30 in winter
Pacific/Chatham                 2027-02-26T12:00 P1D   2027-02-24T22:15:00 +13:45 in the southern summer
Africa/Monrovia                 1971-12-31T12:00 P1D   1971-12-30T12:44:30 -0:44:30 until 1972

Europe/Berlin                   2027-03-29T18:00 P7D   2027-03-22T17:00:00 +1 before, +2 since 28 March
Europe/Berlin                   2027-11-02T18:00 P7D   2027-10-26T16:00:00 +2 before, +1 since 31 October
Europe/London                   2027-03-28T10:00 P1D   2027-03-27T10:00:00 0 the day before
Europe/Chisinau                 2027-03-29T18:00 P7D   2027-03-22T16:00:00 +2 before the change
America/New_York                2027-03-15T09:00 P1D   2027-03-14T13:00:00 -4 since that night
America/New_York                2027-03-15T09:00 P7D   2027-03-08T14:00:00 -5 a week before
America/Los_Angeles             2027-11-08T10:00 P7D   2027-11-01T17:00:00 -7 before 7 November
Australia/Sydney                2027-04-05T10:00 P7D   2027-03-28T23:00:00 +11 until 4 April
America/Santiago                2027-04-05T12:00 P7D   2027-03-29T15:00:00 -3 until 4 April
Australia/Lord_Howe             2027-10-04T18:00 P7D   2027-09-27T07:30:00 +10:30 until 3 October
Europe/Berlin                   2027-03-28T03:30 PT2H  2027-03-27T23:30:00 two hours that passed, over a gap
Europe/Berlin                   2027-10-31T03:30 PT2H  2027-10-31T00:30:00 over a fold
America/New_York                2027-03-14T03:00 PT2H  2027-03-14T05:00:00 over a gap
America/New_York                2027-11-07T02:30 PT2H  2027-11-07T05:30:00 over a fold
Australia/Lord_Howe             2027-10-03T04:00 PT2H  2027-10-02T15:00:00 over a gap of half an hour, +11 since then
Australia/Lord_Howe             2027-04-04T03:00 PT2H  2027-04-03T14:30:00 over a fold of half an hour, +10:30 since
Australia/Lord_Howe             2027-10-04T18:00 PT2H  2027-10-04T05:00:00 +11

Europe/Berlin                   2027-03-29T02:30 P1D   2027-03-28T01:30:00 no 2:30 that day: 3:30 at +2
Europe/Berlin                   2027-03-28T02:30 PT2H  2027-03-27T23:30:00 the event itself begins at 3:30
America/New_York                2027-03-15T02:30 P1D   2027-03-14T07:30:00 3:30 at -4
America/New_York                2027-03-21T02:15 P7D   2027-03-14T07:15:00 3:15 at -4
Australia/Lord_Howe             2027-10-04T02:15 P1D   2027-10-02T15:45:00 2:45 at +11
Australia/Sydney                2027-10-04T02:30 P1D   2027-10-02T16:30:00 3:30 at +11
Pacific/Auckland                2027-09-27T02:30 P1D   2027-09-25T14:30:00 3:30 at +13
Pacific/Chatham                 2027-09-27T03:00 P1D   2027-09-25T14:15:00 2:45 to 3:45 is missing: 4:00 at +13:45

Asia/Beirut                     2027-03-29T00:30 P1D   2027-03-27T22:30:00 the day begins at 1:00: 1:30 at +3
Africa/Cairo                    2027-05-01T00:30 P1D   2027-04-29T22:30:00 the last Friday of April begins at 1:00
America/Santiago                2027-09-06T00:30 P1D   2027-09-05T04:30:00 1:30 at -3
America/Havana                  2024-03-11T00:30 P1D   2024-03-10T05:30:00 1:30 at -4
America/Scoresbysund            2027-03-28T23:30 P1D   2027-03-28T01:30:00 the last hour of the 27th is missing, -2
America/Nuuk                    2027-03-28T22:30 P1D   2027-03-28T00:30:00 half an hour before the same gap
America/Asuncion                2027-10-04T00:30 P1D   2027-10-03T03:30:00 -3, no gap any more since 2024

Europe/Berlin                   2027-11-01T02:30 P1D   2027-10-31T00:30:00 the first of two, +2
America/New_York                2027-11-08T01:30 P1D   2027-11-07T05:30:00 the first, -4
America/New_York                2027-11-07T01:30 PT2H  2027-11-07T03:30:00 before the first
Australia/Lord_Howe             2027-04-05T01:45 P1D   2027-04-03T14:45:00 the first, +11
Asia/Beirut                     2027-10-31T23:30 P1D   2027-10-30T20:30:00 the hour before midnight comes twice, +3
America/Santiago                2027-04-04T23:30 P1D   2027-04-04T02:30:00 the same, -3
Africa/Cairo                    2027-10-29T23:30 P1D   2027-10-28T20:30:00 the same, +3
Atlantic/Azores                 2027-11-01T00:30 P1D   2027-10-31T00:30:00 the hour after midnight comes twice, 0

Pacific/Kiritimati              2027-01-01T00:00 P1D   2026-12-30T10:00:00 +14, the first place in a day
Pacific/Pago_Pago               2027-02-26T23:00 P1D   2027-02-26T10:00:00 -11, the last one
Pacific/Honolulu                2027-02-27T00:30 PT2H  2027-02-27T08:30:00 -10: still the day before there
Pacific/Apia                    2011-12-31T10:00 P1D   2011-12-30T20:00:00 no 30 December: the event's own hour
Pacific/Apia                    2012-01-05T10:00 P7D   2011-12-29T20:00:00 -10 until the jump over the line
Pacific/Fakaofo                 2011-12-31T12:00 P1D   2011-12-30T23:00:00 no 30 December there either, -11 before
Pacific/Kwajalein               1993-08-22T12:00 P1D   1993-08-22T00:00:00 no 21 August 1993

Asia/Baku                       2028-03-01T10:00 P1D   2028-02-29T06:00:00 a leap year
Asia/Baku                       2027-03-01T10:00 P1D   2027-02-28T06:00:00 none
Asia/Baku                       2028-03-31T10:00 P1M   2028-02-29T06:00:00 the last day that February has
Asia/Baku                       2027-03-31T10:00 P1M   2027-02-28T06:00:00 and in a common year
Asia/Baku                       2028-02-29T18:00 P7D   2028-02-22T14:00:00 an event on the leap day
Europe/Berlin                   2028-03-29T12:00 P1M   2028-02-29T11:00:00 +1 in February, +2 on the day
America/New_York                2028-02-29T00:00 PT2H  2028-02-29T03:00:00 -5: on the 28th there
Asia/Baku                       2000-03-01T10:00 P1D   2000-02-29T06:00:00 2000 was a leap year
Asia/Baku                       2100-03-01T10:00 P1D   2100-02-28T06:00:00 2100 is none

Asia/Baku                       1992-02-27T00:00 P1D   1992-02-25T21:00:00 +3 from March 1991 to September 1992
Asia/Baku                       2015-07-02T18:00 P1D   2015-07-01T13:00:00 the last summer time, +5
Asia/Baku                       2016-07-02T18:00 P1D   2016-07-01T14:00:00 given up, +4
Europe/Istanbul                 2016-12-02T18:00 P1D   2016-12-01T15:00:00 summer time for good since 2016, +3
Europe/Moscow                   2014-10-27T12:00 P7D   2014-10-20T08:00:00 +4 until 26 October 2014
Europe/Volgograd                2020-12-28T12:00 P7D   2020-12-21T08:00:00 +4 until 27 December 2020
Asia/Pyongyang                  2015-08-16T12:00 P7D   2015-08-09T03:00:00 +9 until 15 August 2015
Asia/Pyongyang                  2018-05-06T12:00 P7D   2018-04-29T03:30:00 +8:30 until 5 May 2018
America/Caracas                 2016-05-02T12:00 P7D   2016-04-25T16:30:00 -4:30 until 1 May 2016
Asia/Almaty                     2024-03-02T12:00 P7D   2024-02-24T06:00:00 +6 until 1 March 2024
Asia/Almaty                     2024-03-03T12:00 P1D   2024-03-02T07:00:00 +5 since then
Africa/Juba                     2021-02-02T12:00 P7D   2021-01-26T09:00:00 +3 until 1 February 2021
America/Mexico_City             2027-06-26T18:00 P1D   2027-06-26T00:00:00 -6, no summer time since 2022
Asia/Amman                      2027-01-26T18:00 P1D   2027-01-25T15:00:00 summer time for good since 2022, +3
"""
ROWS = [row.split(maxsplit=4) for row in TABLE.splitlines() if row]


@pytest.mark.parametrize(
    ("zone", "wall", "code", "expected"), [row[:4] for row in ROWS], ids=[" ".join(row[:3]) for row in ROWS]
)
def test_a_reminder_falls_due_to_the_second(zone: str, wall: str, code: str, expected: str) -> None:
    due = moments.before(datetime.fromisoformat(wall), zone, code)
    assert due == datetime.fromisoformat(expected).replace(tzinfo=UTC)
