"""What front ends are given of a package that comes in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.exchange.manifest import Heading
from gengdi_desktop.handover.receiving.admission import Freshness, Problem
from gengdi_desktop.handover.receiving.changes import Asked, ChangedField, Refused
from gengdi_desktop.handover.receiving.proof import Proof, ProofKind, Reported
from gengdi_desktop.signing.certificates import Certificate


@dataclass(frozen=True, slots=True)
class NamedPlot:
    """A plot, and what people call it."""

    plot: str
    name: str


@dataclass(frozen=True, slots=True)
class MissingPhoto:
    """A photo that a plot names and whose bytes are neither in the package nor here."""

    plot: str
    name: str
    file_name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a package says, as seen from this ledger.

    Attributes:
        heading: What it says of itself.
        signer: Who signed, ``白圩乡人民政府 王玥（经办人）``; empty where that cannot be read.
        certificate: Of the signer; None where it cannot be read.
        trusted: Whether this ledger believes the signer.
        freshness: How it stands to what the same desk sent before.
        proof: What its journal shows; None where the kind carries none.
        new: How many plots come.
        changed: How many plots that are here are changed.
        same: How many stay as they are.
        deleted: How many go.
        new_plots: Those that come, by name.
        deleted_plots: Those that go, by name.
        fields: Each changed field, at most so many as ``changes.MOST_FIELDS``.
        more_fields: How many are not told one by one.
        conflicts: Fields that both desks touched.
        refused: What it may not bring, by name.
        kept: What the sender deleted and stays here.
        missing_photos: Photos whose bytes did not come and are not here.
        problems: Why it cannot be taken in; empty where it can.
        rows: How many rows would be written.
        looked: Whether the rows were looked at; not where a problem makes them mean nothing here, nor where a stranger
            sends very many.
        stated_plots: How many plots it says to hold, where a stranger sends so many rows that none was read.
    """

    heading: Heading
    signer: str
    certificate: Certificate | None
    trusted: bool
    freshness: Freshness
    proof: Proof | None = None
    new: int = 0
    changed: int = 0
    same: int = 0
    deleted: int = 0
    new_plots: tuple[NamedPlot, ...] = ()
    deleted_plots: tuple[NamedPlot, ...] = ()
    fields: tuple[ChangedField, ...] = ()
    more_fields: int = 0
    conflicts: tuple[Asked, ...] = ()
    refused: tuple[Refused, ...] = ()
    kept: tuple[Refused, ...] = ()
    missing_photos: tuple[MissingPhoto, ...] = ()
    problems: tuple[Problem, ...] = ()
    rows: int = 0
    looked: bool = False
    stated_plots: int | None = None

    @property
    def fingerprint(self) -> str:
        """Of the signer's certificate, in hex; empty where that cannot be read."""
        return self.certificate.fingerprint if self.certificate is not None else ""

    @property
    def welcome(self) -> bool:
        """Whether it can be taken in without more ado."""
        return not self.problems

    @property
    def needs_reason(self) -> bool:
        """Whether it can be taken in by somebody who says why."""
        return bool(self.problems) and all(one.with_reason for one in self.problems)

    def as_json(self) -> dict[str, Any]:
        """The keys of the command line that tell what a package is."""
        return {
            **self.heading.as_json(),
            "signer": self.signer,
            "fingerprint": self.fingerprint or None,
            "trusted": self.trusted,
            "freshness": str(self.freshness),
            "proof": None if self.proof is None else _proof_json(self.proof),
            "plots": {"new": self.new, "changed": self.changed, "same": self.same, "deleted": self.deleted},
            "looked": self.looked,
            "stated_plots": self.stated_plots,
            "fields": [
                {
                    "plot": one.plot,
                    "name": one.name,
                    "field": one.label,
                    "mine": one.mine_told,
                    "theirs": one.theirs_told,
                }
                for one in self.fields
            ],
            "more_fields": self.more_fields,
            "refused": [_refused_json(one) for one in self.refused],
            "kept": [_refused_json(one) for one in self.kept],
            "missing_photos": [
                {"plot": one.plot, "name": one.name, "file": one.file_name} for one in self.missing_photos
            ],
            "problems": [
                {"code": one.code, "message": one.message, "hint": one.hint, "with_reason": one.with_reason}
                for one in self.problems
            ],
        }


def _proof_json(proof: Proof) -> dict[str, Any]:
    return {
        "kind": str(proof.kind),
        "since_seq": proof.since_seq,
        "head_seq": proof.head_seq,
        "rewritten": [_reported_json(one) for one in proof.rewritten],
        "missing": list(proof.missing) if proof.missing is not None else None,
    }


def _reported_json(one: Reported) -> dict[str, Any]:
    return {"seq": one.seq, "at": one.at, "actor": one.actor, "action": one.action, "hash": one.hash}


def _refused_json(one: Refused) -> dict[str, Any]:
    return {"code": one.code, "plot": one.plot, "name": one.name, "message": one.message}


@dataclass(frozen=True, slots=True)
class Looked:
    """A package that was judged by what this ledger knows, before its rows are read.

    Attributes:
        arrival: The judgement.
        reported: The entries of its sender's journal that it carries.
        known: Those that were reported before.
    """

    arrival: Arrival
    reported: tuple[Reported, ...]
    known: tuple[Reported, ...] = ()

    @property
    def goes_back(self) -> bool:
        """Whether its sender was set back: who takes it in says that nothing which came before counts as newer."""
        rewritten = self.arrival.proof is not None and self.arrival.proof.kind is ProofKind.REWRITTEN
        return rewritten or self.arrival.freshness is Freshness.OLDER


@dataclass(frozen=True, slots=True)
class Received:
    """A package that was taken in.

    Attributes:
        arrival: What it meant.
        changes: The entry; its ``seq`` is None where nothing had to be written.
        applied: How many rows were written, that of the package among them; 0 where it had been taken in before.
    """

    arrival: Arrival
    changes: Changes
    applied: int
