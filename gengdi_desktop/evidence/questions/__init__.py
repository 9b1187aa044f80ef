"""What the program asks of the photos of a ledger, and what people answered."""

from __future__ import annotations

from gengdi_desktop.evidence.questions.service import Answer, Question, answer, counts, questions

__all__ = ["Answer", "Question", "answer", "counts", "questions"]
