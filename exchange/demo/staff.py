"""Who works in the demo clinic, who pays and who delivers."""

from dataclasses import dataclass

from pathway import catalogue as c

CLINIC = "Harbor ALS Clinic"
TIME_ZONE = "America/New_York"
LIVE_ON_DAYS_AGO = 1100
DEMO_PASSWORD = "harbor demo clinic"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in to the demo clinic."""

    key: str
    name: str
    title: str
    disciplines: tuple[str, ...] = ()
    role: str = "member"
    default_seat: bool = True

    @property
    def email(self) -> str:
        """ "nadia.wren@harbor.example"."""
        words = self.name.removeprefix("Dr ").lower().split()
        return f"{'.'.join(words)}@harbor.example"


DEMO_ACCOUNTS: tuple[Account, ...] = (
    Account("tom", "Tom Finch", "Social worker", (c.SOCIAL_WORK,)),
    Account("nadia", "Nadia Wren", "Dietitian", (c.NUTRITION,)),
    Account("marcus", "Marcus Heron", "Nurse coordinator", role="coordinator"),
    Account("olga", "Dr Olga Bittern", "Clinical lead", (c.NEUROLOGY,), role="lead", default_seat=False),
    Account("rosa", "Rosa Siskin", "Clinic administrator", role="admin"),
    Account("ilse", "Dr Ilse Crane", "Neurologist", (c.NEUROLOGY,)),
    Account("amir", "Dr Amir Kestrel", "Pulmonologist", (c.PULMONOLOGY,)),
    Account("ben", "Ben Plover", "Respiratory therapist", (c.PULMONOLOGY,), default_seat=False),
    Account("edith", "Dr Edith Avocet", "Gastroenterologist", (c.GASTROENTEROLOGY,)),
    Account("asha", "Asha Swift", "Speech-language pathologist", (c.SPEECH_LANGUAGE_PATHOLOGY,)),
    Account("carla", "Carla Dunlin", "Physical therapist", (c.PHYSICAL_THERAPY,)),
    Account("jo", "Jo Teal", "Occupational therapist", (c.OCCUPATIONAL_THERAPY,)),
    Account("maya", "Maya Lark", "Social worker", (c.SOCIAL_WORK,), default_seat=False),
    Account("hana", "Dr Hana Curlew", "Palliative care physician", (c.PALLIATIVE_CARE,)),
)

PAYERS = ("Medicare", "Medicare Advantage", "Medicaid", "Medicaid waiver", "Demo Mutual")

VENDORS = (
    ("Slate Mobility", "555-0140"),
    ("Basalt Respiratory", "555-0141"),
    ("Pumice Home Care", "555-0142"),
    ("Granite Builders", "555-0143"),
    ("Quartz Speech", "555-0144"),
    ("Flint Medical", "555-0145"),
)
