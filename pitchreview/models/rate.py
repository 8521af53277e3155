"""How often a thing was tried in a window of time; a table, because there are several web processes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from pitchreview.db import Base


class Rate(Base):
    __tablename__ = "rates"

    key: Mapped[str] = mapped_column(primary_key=True)  # such as "sign-in:ada@example.com"
    window_starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]
