"""Every message of the platform's matrix, by whom it goes to."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from campaign.operations.messages.organisers import DESKS, ORGANISERS
from campaign.operations.messages.sample import Sample
from campaign.operations.messages.visitors import VISITORS

AUDIENCES: tuple[tuple[LazyString, tuple[Sample, ...]], ...] = (
    (_("To visitors"), VISITORS),
    (_("To organisers"), ORGANISERS),
    (_("To desks"), DESKS),
)
SAMPLES = {sample.name: sample for _audience, samples in AUDIENCES for sample in samples}
