"""Where the files of the county's sample campaign lie: ledgers, certificates, papers, and what went by stick."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gengdi_desktop.domain.divisions import Division

MARK = "（样例）"


@dataclass(frozen=True, slots=True)
class Places:
    """Folders below the one that was asked for; they are made when they are first asked for.

    Args:
        out: The folder of the whole campaign.
        county: The county's name.
    """

    out: Path
    county: str

    @property
    def county_ledger(self) -> Path:
        """The county's own ledger."""
        return self.out / f"{self.county}2023整改台账{MARK}"

    @property
    def team_ledger(self) -> Path:
        """The ledger of the team that visits the drawn plots."""
        return self.out / f"{self.county}抽查组台账{MARK}"

    def township_ledger(self, unit: Division) -> Path:
        """A township's ledger."""
        return self.out / "乡镇台账" / f"{unit.name}2023整改台账{MARK}"

    def certificate(self, unit_code: str) -> Path:
        """The certificate with which a desk signs, by its unit's code; the team's code is the county's and ``-组``."""
        return self._made(self.out / "签名证书") / f"{unit_code}.cer"

    def stick(self, name: str) -> Path:
        """A folder of packages that went by stick, in the order in which they went: ``1任务包``."""
        return self._made(self.out / "U盘往来" / name)

    def paper(self, name: str) -> Path:
        """A frozen paper, as PDF."""
        return self._made(self.out / "报告") / f"{name}{MARK}.pdf"

    @property
    def issued_list(self) -> Path:
        """The list that the province issued."""
        return self.out / f"{self.county}耕地流出图斑清单{MARK}.xlsx"

    @staticmethod
    def _made(folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        return folder
