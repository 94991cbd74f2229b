"""The disease-modifying drugs people with ALS take, with what their labels say (catalogue rows 1 to 4).

The texts are printed for the person and their caregivers; they are not advice on whom
to treat. A drug without a usual dose here is taken as prescribed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from assessments.specs import Choice, Words


@dataclass(frozen=True, slots=True)
class Drug:
    """A drug: ``name`` for headings, ``word`` within a sentence.

    ``usual_dose`` and ``instruction`` sum up the label, for ``route`` if one is given.
    Since ``withdrawn_on`` nobody starts it; ``withdrawn`` says why.
    """

    code: str
    name: Words
    word: Words
    usual_dose: Words = ""
    instruction: Words = ""
    route: str = ""
    withdrawn_on: date | None = None
    withdrawn: Words = ""

    def applies_to(self, route: str | None) -> bool:
        """Whether dose and instruction hold for the way it is given."""
        return not (self.route and route and route != self.route)


DRUGS: Mapping[str, Drug] = {
    drug.code: drug
    for drug in (
        Drug(
            "riluzole",
            _("Riluzole"),
            _("riluzole"),
            usual_dose=_("50 mg twice daily"),
            instruction=_("Take at least 1 hour before or 2 hours after meals."),
        ),
        Drug(
            "edaravone",
            _("Edaravone"),
            _("edaravone"),
            usual_dose=_("60 mg IV infusion over 60 minutes in 28-day cycles"),
            instruction=_(
                "First cycle: 14 days with, then 14 days without. "
                "Later cycles: 10 of the first 14 days with, then 14 days without."
            ),
            route="iv",
        ),
        Drug(
            "pb_turso",
            _("PB/TURSO (withdrawn)"),
            _("sodium phenylbutyrate/taurursodiol"),
            withdrawn_on=date(2025, 8, 29),
            withdrawn=_("The FDA withdrew the approval of PB/TURSO effective 29 Aug 2025."),
        ),
        Drug("tofersen", _("Tofersen"), _("tofersen")),
    )
}

DRUG = Choice(_("Drug"), {code: drug.name for code, drug in DRUGS.items()})

ROUTES: Mapping[str, Words] = {
    "oral": _("By mouth"),
    "iv": _("Into a vein"),
    "intrathecal": _("Into the spinal canal"),
}


def word(code: str | None) -> str:
    """The drug as it stands in a sentence; says so when it is not named."""
    return str(DRUGS[code].word) if code else str(_("no drug named"))
