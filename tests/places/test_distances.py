"""Boxes and distances on the globe."""

import math

import pytest

from campaign.places.distances import box_around, kilometres


def test_baku_to_shusha() -> None:
    assert kilometres(40.3777, 49.892, 39.7601, 46.7499) == pytest.approx(276, abs=3)


def test_a_box_crosses_the_antimeridian() -> None:
    box = box_around(-17.8, 179.9, 300)
    assert box.crosses_antimeridian
    assert box.west > 170
    assert box.east < -170


def test_a_box_over_a_pole_goes_all_around() -> None:
    box = box_around(89.9, 0, 100)
    assert (box.west, box.east, box.north) == (-180, 180, 90)


@pytest.mark.parametrize(
    ("lat", "lon", "km"), [(91, 0, 1), (0, 181, 1), (0, 0, -1), (math.nan, 0, 1), (0, 0, math.inf)]
)
def test_what_is_no_position_is_refused(lat: float, lon: float, km: float) -> None:
    with pytest.raises(ValueError, match="position"):
        box_around(lat, lon, km)
