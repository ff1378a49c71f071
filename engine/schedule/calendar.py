"""Which days are worked: the published calendar of China with its 调休, under the company's own overlay.

A year that is neither published nor declared complete is unknown, and is said to be: nothing is guessed.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.storage.models import CalendarDay, CalendarYear

OFFICE_ZONE = ZoneInfo("Asia/Shanghai")
LAST_MOMENT = time(23, 59, 59)
FRIDAY = 4
MOST_DAYS = 3_660  # ten years: a longer limit in working days is a mistake


class Calendar:
    """The overlay as it stands in the database, read once when first needed."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._days: dict[date, bool] | None = None
        self._years: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool | None:
        """Whether a day is worked; None if no calendar knows."""
        if self._days is None:
            rows = self._session.execute(select(CalendarDay.day, CalendarDay.working))
            self._days = {row.day: row.working for row in rows}
            self._years = frozenset(self._session.scalars(select(CalendarYear.year)))
        if day in self._days:
            return self._days[day]
        try:
            return bool(chinese_calendar.is_workday(day))
        except NotImplementedError:  # the State Council has not published that year, or the library not yet
            return day.weekday() <= FRIDAY if day.year in self._years else None

    def unknown_year(self, start: datetime) -> int | None:
        """The first year from the day of `start` on (house zone) with a day that no calendar knows; None if
        the next ten are known."""
        first = start.astimezone(OFFICE_ZONE).date()
        days = (first + timedelta(days=ahead) for ahead in range(1, MOST_DAYS + 1))
        return next((day.year for day in days if self.is_working(day) is None), None)

    def after_working_days(self, start: datetime, days: int) -> datetime | None:
        """The last moment of the `days`th working day after the day of `start` (house zone), in UTC.

        The first day does not count and the last one counts whole (Civil Code, articles 201 and 203). None
        if a day on the way is unknown. Raises ValueError for fewer than 1 or more than MOST_DAYS days."""
        if not 1 <= days <= MOST_DAYS:
            raise ValueError(f"{days} working days")
        day = start.astimezone(OFFICE_ZONE).date()
        while days:
            day += timedelta(days=1)
            working = self.is_working(day)
            if working is None:
                return None
            days -= working
        return datetime.combine(day, LAST_MOMENT, OFFICE_ZONE).astimezone(UTC)


def published(year: int) -> bool:
    """Whether the published calendar covers a year."""
    try:
        chinese_calendar.is_workday(date(year, 1, 4))
    except NotImplementedError:
        return False
    return True
