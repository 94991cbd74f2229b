"""The cohort figures of catalogue section 4, with the source each is marked with there."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log

DAYS_A_MONTH = 30.4

ONSET: Mapping[str, float] = {
    "upper_limb": 36.0,
    "lower_limb": 36.0,
    "bulbar": 22.1,
    "trunk": 5.1,
    "respiratory": 1.0,
}
"""Per cent by region; US registry (limb 72.0, bulbar 22.1, trunk or global 6.1)."""

AGE_AT_DIAGNOSIS = (63.3, 11.2)
"""Years, mean and SD; Piemonte, Andrews."""

MONTHS_TO_DIAGNOSIS = (11.1, 9.7)
"""From onset, mean and SD; Piemonte."""

SURVIVAL_MONTHS: Mapping[str, float] = {"bulbar": 26, "lower_limb": 32, "upper_limb": 33}
"""Median from onset; Japanese cohort. Other regions as lower limb."""

SURVIVAL_SIGMA = log(60 / 32) / 1.08
"""So that 14 % live five years from onset; Olmsted."""

HOSPICE_BEFORE_DEATH = 0.624
"""Share of deaths supported by a hospice; ALS centres."""

FVC_AT_START = (90.5, 17.1)
FVC_SLOPE: Mapping[str, float] = {"bulbar": -3.2, "other": -2.6, "over_65": -3.6, "under_50": -2.3}
"""Per cent of predicted, and points a month; Andrews 2018 (slow vital capacity)."""

LOST_WEIGHT_BY_DIAGNOSIS = 0.675
LOSS_BY_DIAGNOSIS: Mapping[str, float] = {"bulbar": 6.9, "other": 5.5}
"""Per cent; Utrecht."""

LOSS_A_MONTH: Mapping[str, float] = {"bulbar": 0.8, "other": 0.5}
"""Per cent after diagnosis, SD 0.5; product default."""

VISIT_INTERVAL = (91, 14)
VISITS_MISSED = 0.08
"""Days; product default beside ALS United and AAN (three-monthly)."""

ALSFRS_AT_START = (38, 6)
"""Points of 48 at the first visit: median from Kaufmann (n = 267), SD general knowledge."""

ALSFRS_SLOPE = (0.99, 0.8)
"""Points lost a month, mean and SD of a lognormal; PRO-ACT."""

SLOPE_AND_SURVIVAL = 0.6
"""How closely losing function fast goes with a short survival; general knowledge."""

ON_RILUZOLE = 0.483
"""Share at any time; US registry."""

COGNITION_IMPAIRED, EXECUTIVE_IMPAIRED = 0.35, 0.22
"""Share whose screens are impaired, and whose executive function is; AAN and NICE give 20 to 50 %."""

TRACHEOSTOMY = 0.03
"""Share ever; US."""

ASPIRATION_PNEUMONIA = 0.12
"""Share of people with bulbar onset; NASEM 2024 gives 11.4 to 13 %."""

ADVANCE_DIRECTIVE = 0.889
"""Share who have one at the end; US registry."""

PRIOR_AUTHORISATION_TROUBLE = 1 / 3
"""Share of requests delayed or denied; ALS Association survey."""

KINGS_STAGES = (12.0, 7.5, 6.5, 4.1)
"""Median months in each stage; Chengdu."""

ITEMS_BY_STAGE = ((0, 2), (2, 4), (4, 7), (7, 11))
"""Items a person has asked for by the end of each King's stage; general knowledge."""

DECLINES_NIV, DECLINES_NUTRITION = 0.104, 0.087
"""Share who decline non-invasive ventilation and enteral nutrition (catalogue section 3)."""


@dataclass(frozen=True, slots=True)
class LeadTime:
    """Days from request to delivery: lognormal with this median and sigma."""

    median: float
    sigma: float = 0.45


LEAD_TIMES: Mapping[str, LeadTime] = {
    "power_wheelchair": LeadTime(110),
    "bpap": LeadTime(7),
    "cough_assist": LeadTime(14),
    "suction": LeadTime(4),
    "hospital_bed": LeadTime(7),
    "patient_lift": LeadTime(10),
    "manual_wheelchair": LeadTime(7),
    "walker": LeadTime(3),
    "aac_device": LeadTime(35),
    "home_modification": LeadTime(30),
}
OTHER_LEAD_TIME = LeadTime(14)
"""Items the catalogue gives no figure for."""
