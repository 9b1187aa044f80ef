"""Land classes 地类: four coding systems whose digits collide, so that a code never stands without its system."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class ClassSystem(StrEnum):
    """The table that a code belongs to; stored beside each code."""

    THIRD_SURVEY = "third_survey"
    GB2017 = "gb2017"
    GB2007 = "gb2007"
    SPATIAL = "spatial"

    @property
    def label(self) -> str:
        """The name a clerk knows the table by."""
        return _SYSTEM_LABELS[self]


_SYSTEM_LABELS: Mapping[ClassSystem, str] = {
    ClassSystem.THIRD_SURVEY: "三调工作分类",
    ClassSystem.GB2017: "土地利用现状分类（2017）",
    ClassSystem.GB2007: "土地利用现状分类（2007，二调）",
    ClassSystem.SPATIAL: "国土空间用地用海分类",
}


class LandUse(StrEnum):
    """The three great kinds of land, and what stands across them."""

    FARM = "farm"
    BUILT = "built"
    UNUSED = "unused"
    MIXED = "mixed"
    OVERLAY = "overlay"

    @property
    def label(self) -> str:
        """The Chinese word."""
        return _USE_LABELS[self]


_USE_LABELS: Mapping[LandUse, str] = {
    LandUse.FARM: "农用地",
    LandUse.BUILT: "建设用地",
    LandUse.UNUSED: "未利用地",
    LandUse.MIXED: "混合",
    LandUse.OVERLAY: "单独图层",
}


class PairProblem(StrEnum):
    """What is wrong with a code and the name written beside it."""

    EMPTY = "class_empty"
    UNKNOWN = "class_unknown"
    MISMATCH = "class_mismatch"
    OTHER_SYSTEM = "class_other_system"
    LOST_ZERO = "class_lost_zero"


@dataclass(frozen=True, slots=True)
class LandClass:
    """One class of one system; ``level`` 1 to 3, or 8 for codes that lie over others (拆除未尽区 …)."""

    system: ClassSystem
    code: str
    name: str
    level: int
    use: LandUse
    cultivated: bool


@dataclass(frozen=True, slots=True)
class ClassReading:
    """A code and name as a list gave them, and what they are.

    Attributes:
        code: The code as written, normalised; a leading zero that was lost is not put back here.
        name: The name as written; the table's name where only a code was given.
        land_class: The class that code and name agree on; ``None`` where there is a problem.
        problem: Why they do not agree; ``None`` where they do.
        message: One Chinese sentence for the problem; empty where there is none.
        candidates: The classes that a person may mean, nearest first.
    """

    code: str
    name: str
    land_class: LandClass | None
    problem: PairProblem | None = None
    message: str = ""
    candidates: tuple[LandClass, ...] = ()


# Spellings of the same class that lists use for each other.
_OTHER_SPELLINGS: Mapping[str, str] = {
    "园地": "种植园用地",
    "商服用地": "商业服务业用地",
    "宅基地": "农村宅基地",
    "设施农业用地": "设施农用地",
    "坑塘": "坑塘水面",
    "有林地": "乔木林地",
    "裸地": "裸土地",
}


def normalise_code(text: str) -> str:
    """A code without spaces, full-width digits or lower case; nothing is added or guessed."""
    return unicodedata.normalize("NFKC", text).replace(" ", "").strip().upper()


def normalise_name(text: str) -> str:
    """A name as it is compared: no spaces, no brackets' width, 其它 written 其他."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return plain.replace("其它", "其他")


def split_pair(text: str) -> tuple[str, str]:
    """Takes one cell that may hold code and name (``0101水田``, ``水田(0101)``, ``0101-水田``) apart.

    Returns code and name, each empty where the cell does not say it.
    """
    plain = normalise_name(text)
    letters = "".join(ch if ch.isascii() and ch.isalnum() else " " for ch in plain).split()
    code = letters[0].upper() if letters and letters[0][0].isdigit() else ""
    name = "".join(ch for ch in plain if "\u4e00" <= ch <= "\u9fff")
    return code, name


def is_cultivated(code: str, system: ClassSystem = ClassSystem.THIRD_SURVEY) -> bool:
    """Whether a code is cultivated land 耕地: 水田, 水浇地, 旱地 or their first level.

    Classes marked K (可调整) were cultivated once and are the easiest to restore, yet statistics do not count them.
    """
    plain = normalise_code(code)
    if system is ClassSystem.GB2007:
        return plain in {"01", "011", "012", "013"}
    return plain in {"01", "0101", "0102", "0103"}


class LandClasses:
    """The classes of all systems, looked up by system and code."""

    def __init__(self, classes: Iterable[LandClass]) -> None:
        self._by_code: dict[tuple[ClassSystem, str], LandClass] = {}
        self._by_name: dict[str, list[LandClass]] = {}
        for item in classes:
            self._by_code[item.system, item.code] = item
            self._by_name.setdefault(item.name, []).append(item)

    @classmethod
    def parse(cls, text: str) -> LandClasses:
        """Reads the table of the program's resources (CSV: system, code, name, level, use, cultivated)."""
        return cls(
            LandClass(
                system=ClassSystem(row["system"]),
                code=row["code"],
                name=row["name"],
                level=int(row["level"]),
                use=LandUse(row["use"]),
                cultivated=row["cultivated"] == "1",
            )
            for row in csv.DictReader(text.splitlines())
        )

    def all(self, system: ClassSystem) -> tuple[LandClass, ...]:
        """The classes of one system in the order of its table."""
        return tuple(item for item in self._by_code.values() if item.system is system)

    def find(self, code: str, system: ClassSystem = ClassSystem.THIRD_SURVEY) -> LandClass | None:
        """The class of a code, or ``None``."""
        return self._by_code.get((system, normalise_code(code)))

    def named(self, name: str, system: ClassSystem | None = None) -> tuple[LandClass, ...]:
        """All classes of a name, in one system or in all."""
        plain = normalise_name(name)
        found = self._by_name.get(plain) or self._by_name.get(_OTHER_SPELLINGS.get(plain, ""), [])
        return tuple(item for item in found if system in {None, item.system})

    def fitting(self, pairs: Iterable[tuple[str, str]]) -> tuple[ClassSystem, ...]:
        """The systems in which every pair of code and name agrees: what a column of a list is written in.

        Pairs of which one half is empty are judged by the other half.
        """
        wanted = list(pairs)
        return tuple(
            system
            for system in ClassSystem
            if wanted and all(self._agrees(system, code, name) for code, name in wanted)
        )

    def read(self, code: str, name: str = "", system: ClassSystem = ClassSystem.THIRD_SURVEY) -> ClassReading:
        """Judges a code and the name beside it, trusting neither alone.

        A pair that contradicts itself is reported with what it may mean; nothing is put right here.
        """
        plain_code, plain_name = normalise_code(code), normalise_name(name)
        if not plain_code and not plain_name:
            return ClassReading("", "", None, PairProblem.EMPTY, "地类没有填。请填地类编码或名称。")
        if not plain_code:
            return self._read_name(plain_name, system)
        found = self.find(plain_code, system)
        if found is not None and (not plain_name or self._same(found, plain_name)):
            return ClassReading(plain_code, plain_name or found.name, found)
        return self._contradiction(plain_code, plain_name, system, found)

    def _read_name(self, name: str, system: ClassSystem) -> ClassReading:
        found = self.named(name, system)
        if len(found) == 1:
            return ClassReading(found[0].code, name, found[0])
        message = f"{system.label}里没有“{name}”这个地类。请核对名称，或填编码。"
        return ClassReading("", name, None, PairProblem.UNKNOWN, message, self.named(name))

    def _contradiction(self, code: str, name: str, system: ClassSystem, found: LandClass | None) -> ClassReading:
        padded = self.find("0" + code, system)
        if padded is not None and (self._same(padded, name) if name else found is None):
            message = f"地类编码“{code}”可能少了开头的0，{padded.name}是“{padded.code}”。请核对。"
            return ClassReading(code, name, None, PairProblem.LOST_ZERO, message, (padded,))
        for other in ClassSystem:
            meant = self.find(code, other)
            if other is not system and meant is not None and (not name or self._same(meant, name)):
                message = (
                    f"地类“{code} {meant.name}”是{other.label}的写法，"
                    f"{system.label}里{f'{code}是{found.name}' if found else '没有这个编码'}。请确认用的是哪一套编码。"
                )
                return ClassReading(code, name, None, PairProblem.OTHER_SYSTEM, message, (meant,))
        if found is not None:
            others = self.named(name, system)
            should_be = f"，{others[0].name}是{others[0].code}" if others else ""
            message = f"地类编码{code}是{found.name}，旁边写的却是“{name}”{should_be}。请核对是编码错还是名称错。"
            return ClassReading(code, name, None, PairProblem.MISMATCH, message, (found, *others))
        message = f"{system.label}里没有地类编码“{code}”。请核对。"
        return ClassReading(code, name, None, PairProblem.UNKNOWN, message, self.named(name, system))

    def _agrees(self, system: ClassSystem, code: str, name: str) -> bool:
        reading = self.read(code, name, system)
        return reading.problem is None or reading.problem is PairProblem.EMPTY

    @staticmethod
    def _same(item: LandClass, name: str) -> bool:
        return name in {item.name, item.name.removesuffix("用地")} or _OTHER_SPELLINGS.get(name) == item.name
