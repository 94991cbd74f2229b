"""What templates are given: one plain object for each thing that a screen shows.

Views fill these from models; templates read nothing else. Texts arrive ready to
read (translated, names in full); dates and numbers arrive as such, and the tags of
``words`` put them into words. Addresses are complete.

What a screen has nothing to say about is an empty string, an empty tuple or None,
and the template leaves it out.
"""

from pages.rows.course import Course, CourseChart, CoursePoint, Lapse, Milestone, Threshold
from pages.rows.equipment import (
    BoardColumn,
    EquipmentCard,
    Meter,
    StageGroup,
    StageSteps,
)
from pages.rows.frame import (
    Action,
    DisciplineCount,
    Empty,
    Head,
    Horizon,
    How,
    Link,
    Member,
    NavItem,
    Pill,
    Tag,
)
from pages.rows.patient import (
    Contact,
    Fact,
    LogGroup,
    Pages,
    PatientRow,
    Seat,
    SeatCell,
    TimelineEntry,
)
from pages.rows.why import (
    Closing,
    Computed,
    Conflict,
    FormPanel,
    SourceMark,
    Span,
    SumLine,
    Told,
    UsedFact,
    WhyPanel,
)
from pages.rows.work import (
    InboxRow,
    InboxSection,
    LoggedRow,
    PersonRows,
    ReferralRow,
    State,
    SummaryRow,
    TaskRow,
)

__all__ = [
    "Action",
    "BoardColumn",
    "Closing",
    "Computed",
    "Conflict",
    "Contact",
    "Course",
    "CourseChart",
    "CoursePoint",
    "DisciplineCount",
    "Empty",
    "EquipmentCard",
    "Fact",
    "FormPanel",
    "Head",
    "Horizon",
    "How",
    "InboxRow",
    "InboxSection",
    "Lapse",
    "Link",
    "LogGroup",
    "LoggedRow",
    "Member",
    "Meter",
    "Milestone",
    "NavItem",
    "Pages",
    "PatientRow",
    "PersonRows",
    "Pill",
    "ReferralRow",
    "Seat",
    "SeatCell",
    "SourceMark",
    "Span",
    "StageGroup",
    "StageSteps",
    "State",
    "SumLine",
    "SummaryRow",
    "Tag",
    "TaskRow",
    "Threshold",
    "TimelineEntry",
    "Told",
    "UsedFact",
    "WhyPanel",
]
