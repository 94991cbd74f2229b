"""The people of the demo clinic: one row each, with what is special about them today.

Days are counted from today, so that the same work is overdue whenever the demo is loaded.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One invented person.

    ``review_due``: days until the next nutrition review is due (below zero: overdue),
    None when none was ever done. ``palliative``: "seen", "sent", "none", "declined" or
    "lapsed" (declined three months ago, so it is offered again) or "missed" (nobody said
    whether the appointment took place). ``gaps`` names the care that is not kept up as for
    others, see ``care``; "visit": no visit since the last review.
    """

    mrn: int
    name: str
    born: date
    onset: str
    diagnosed: int
    enrolled: int
    review_due: int | None
    kg: tuple[float, float] = (72.0, 70.0)
    fvc: tuple[int, int] = (92, 80)
    height: int = 170
    palliative: str = "seen"
    social_worker: str = "tom"
    payer: str = "Medicare"
    interpreter: str = ""
    communication: str = ""
    walker: bool = False
    gaps: frozenset[str] = frozenset()


def _p(
    mrn: int,
    name: str,
    born: str,
    onset: str,
    diagnosed: int,
    enrolled: int,
    due: int | None,
    *,
    gaps: str = "",
    **more: object,
) -> Person:
    return Person(
        mrn=mrn,
        name=name,
        born=date.fromisoformat(born),
        onset=onset,
        diagnosed=diagnosed,
        enrolled=enrolled,
        review_due=due,
        gaps=frozenset(gaps.split()),
        **more,  # type: ignore[arg-type]
    )


PEOPLE: tuple[Person, ...] = (
    _p(142, "Ruth Alder", "1961-06-03", "upper_limb", -210, -120, -12, kg=(68.0, 64.9), fvc=(84, 58),
       gaps="tube niv",
       height=168, palliative="declined", payer="Medicare Advantage"),
    _p(98, "Joseph Elm", "1954-11-20", "lower_limb", -700, -640, -16, kg=(88.0, 79.5), fvc=(88, 44),
       gaps="niv",
       height=181, social_worker="maya", payer="Medicare Advantage", walker=True),
    _p(165, "Helen Rowan", "1959-08-14", "bulbar", -60, -38, -7, kg=(61.0, 57.2), fvc=(90, 86), height=162,
       palliative="none", social_worker="maya", communication="Writes on a tablet; speech hard to follow.",
       gaps="swallow"),
    _p(128, "Grace Juniper", "1963-12-01", "lower_limb", -430, -400, 3, kg=(70.0, 66.1), fvc=(86, 46)),
    _p(76, "Arthur Willow", "1952-10-09", "upper_limb", -820, -760, 21, kg=(82.0, 72.8), fvc=(81, 41),
       height=178, social_worker="maya", walker=True),
    _p(150, "Desmond Maple", "1966-05-17", "lower_limb", -380, -350, 5, kg=(91.0, 88.0), fvc=(97, 74),
       height=184, walker=True),
    _p(109, "Ingrid Linden", "1956-07-30", "bulbar", -520, -480, 40, kg=(64.0, 58.3), fvc=(79, 52),
       gaps="niv",
       height=165, payer="Medicare", communication="Speech device; yes and no by hand."),
    _p(112, "Noor Myrtle", "1957-09-12", "lower_limb", -560, -500, 33, kg=(66.0, 60.2), fvc=(83, 49),
       gaps="talks",
       social_worker="maya", payer="Medicaid", interpreter="Arabic"),
    _p(153, "Samuel Oakes", "1965-08-04", "lower_limb", -340, -300, 6, kg=(85.0, 81.4), fvc=(90, 48),
       gaps="niv cognition",
       height=179, social_worker="maya"),
    _p(117, "Beatriz Tamarind", "1967-10-25", "bulbar", -480, -450, -22, kg=(59.0, 52.6), fvc=(85, 61),
       gaps="visit",
       height=160, interpreter="Portuguese", payer="Demo Mutual"),
    _p(139, "Tomás Birch", "1973-06-18", "bulbar", -410, -380, 7, kg=(77.0, 71.0), fvc=(94, 72), height=176,
       communication="Text tablet on loan.", social_worker="maya"),
    _p(168, "Aniela Cedar", "1969-09-02", "lower_limb", -150, -130, 12, kg=(69.0, 68.0), fvc=(96, 90),
       gaps="riluzole",
       payer="Medicaid"),
    _p(104, "Priya Fern", "1980-05-11", "upper_limb", -620, -560, 18, kg=(58.0, 54.4), fvc=(93, 66),
       height=158, payer="Demo Mutual", walker=True),
    _p(171, "Kwame Sorrel", "1976-07-07", "lower_limb", -70, -42, None, fvc=(99, 97), palliative="none",
       payer="Demo Mutual", gaps="riluzole"),
    _p(133, "Mateo Laurel", "1964-06-22", "lower_limb", -430, -390, -8, kg=(80.0, 74.9), fvc=(88, 63),
       gaps="tube",
       payer="Medicaid waiver", interpreter="Spanish", walker=True),
    _p(87, "Walter Hawthorn", "1948-08-16", "trunk", -760, -700, -30, kg=(79.0, 71.3), fvc=(78, 47),
       gaps="visit",
       height=173, payer="Demo Mutual", walker=True),
    _p(121, "Lin Yarrow", "1971-09-29", "lower_limb", -400, -365, -2, kg=(63.0, 60.5), fvc=(91, 77),
       payer="Medicaid", interpreter="Mandarin"),
    _p(172, "Otto Hazel", "1960-12-19", "lower_limb", -320, -290, -20, kg=(84.0, 77.0), fvc=(86, 57),
       gaps="niv seen"),
    _p(157, "Clara Sedge", "1958-04-26", "lower_limb", -290, -260, -4, kg=(71.0, 67.5), fvc=(89, 71)),
    _p(161, "Henry Poplar", "1950-01-15", "bulbar", -250, -230, 9, kg=(76.0, 70.1), fvc=(80, 62)),
    _p(174, "Amara Clover", "1984-10-03", "upper_limb", -60, -41, 19, kg=(65.0, 64.6), fvc=(101, 100),
       gaps="riluzole",
       palliative="none", payer="Demo Mutual"),
    _p(175, "Edwin Thorne", "1962-05-21", "lower_limb", -52, -36, 24, kg=(90.0, 89.0), fvc=(95, 94),
       palliative="none", payer="Demo Mutual"),
    _p(176, "Miriam Olive", "1955-11-28", "bulbar", -40, -35, 27, kg=(62.0, 60.9), fvc=(88, 87), gaps="study",
       palliative="none", social_worker="maya"),
    _p(177, "Pablo Agave", "1970-12-12", "lower_limb", -35, -20, None, fvc=(97, 97), palliative="none",
       interpreter="Spanish", payer="Medicaid"),
    _p(178, "Yuki Camellia", "1968-04-09", "upper_limb", -24, -10, None, fvc=(100, 100), palliative="none"),
    _p(66, "Nora Aspen", "1951-09-17", "lower_limb", -980, -900, -6, kg=(74.0, 63.8), fvc=(82, 38),
       palliative="lapsed", walker=True),
    _p(71, "Leon Cypress", "1957-12-24", "upper_limb", -930, -870, 30, kg=(86.0, 78.2), fvc=(90, 59),
       gaps="niv",
       walker=True),
    _p(82, "Wanda Hollis Ivy", "1949-10-13", "lower_limb", -800, -730, 44, kg=(68.0, 61.0), fvc=(84, 50),
       gaps="tube"),
    _p(91, "Gideon Bramble", "1963-06-29", "lower_limb", -690, -640, 52, kg=(95.0, 86.0), fvc=(91, 64),
       gaps="tube talks",
       height=188, walker=True),
    _p(95, "Sofia Marigold", "1975-09-08", "bulbar", -600, -570, 15, kg=(57.0, 51.9), fvc=(92, 68),
       gaps="tube study diet",
       height=163, social_worker="maya"),
    _p(101, "Isaac Tansy", "1946-05-05", "lower_limb", -600, -540, 60, kg=(73.0, 68.8), fvc=(77, 56),
       gaps="niv"),
    _p(115, "Leila Jasmine", "1978-08-31", "upper_limb", -520, -470, 64, kg=(60.0, 58.1), fvc=(98, 82),
       interpreter="Farsi"),
    _p(124, "Ravi Teak", "1966-10-06", "lower_limb", -450, -400, 72, kg=(78.0, 75.5), fvc=(94, 79),
       palliative="missed", gaps="cognition"),
    _p(136, "Moira Heather", "1953-04-30", "respiratory", -400, -370, 26, kg=(66.0, 62.3), fvc=(62, 28),
       gaps="tube",
       social_worker="maya"),
    _p(145, "Felix Rush", "1961-11-11", "lower_limb", -360, -330, 80, kg=(83.0, 82.0), fvc=(96, 88)),
    _p(148, "Tessa Larch", "1972-12-31", "upper_limb", -330, -310, 84, kg=(70.0, 69.1), fvc=(97, 91),
       gaps="riluzole"),
    _p(159, "Bruno Spruce", "1959-05-08", "lower_limb", -270, -240, 37, kg=(92.0, 88.7), fvc=(90, 76),
       gaps="cognition",
       walker=True),
    _p(53, "Elsa Foxglove", "1950-07-19", "bulbar", -900, -860, 0, kg=(58.0, 47.9), fvc=(81, 33),
       social_worker="maya"),
    _p(60, "Victor Sumac", "1955-10-22", "lower_limb", -1000, -940, 0, kg=(81.0, 66.4), fvc=(84, 29),
       social_worker="maya", walker=True),
    _p(79, "Ada Primrose", "1947-06-14", "lower_limb", -780, -720, 0, kg=(63.0, 58.0), fvc=(86, 67)),
    _p(57, "Conrad Yew", "1952-04-03", "bulbar", -880, -820, 0, kg=(77.0, 65.2), fvc=(80, 31)),
)  # fmt: skip
"""Forty or so; those with review_due 0 and a story of their own left active care (see ``stories``)."""
