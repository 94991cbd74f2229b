"""What a clinic records about one synthetic person, up to a day."""

from collections.abc import Sequence
from datetime import date
from random import Random

from exchange.cohort.equipment import draw_equipment
from exchange.cohort.function import draw_function
from exchange.cohort.history import History
from exchange.cohort.person import Person
from exchange.cohort.planning import (
    draw_choices,
    draw_cognition,
    draw_ends,
    draw_palliative,
    draw_talks,
    draw_team,
)
from exchange.cohort.swallowing import draw_swallowing
from exchange.cohort.treatment import draw_medication, draw_ventilation
from exchange.cohort.visits import draw_visits
from pathway.facts import Event

PARTS = (
    draw_ends,
    draw_team,
    draw_visits,
    draw_cognition,
    draw_medication,
    draw_ventilation,
    draw_swallowing,
    draw_talks,
    draw_palliative,
    draw_choices,
    draw_equipment,
    draw_function,
)
"""In this order: later parts look at what the ones before found."""


def draw_events(random: Random, person: Person, as_of: date) -> Sequence[Event]:
    """A person's records in the order they were recorded."""
    history = History(random, person, as_of)
    for part in PARTS:
        part(history, person.course)
    return sorted(history.events, key=lambda event: (event.recorded_on, event.entry))
