"""Reports: the page as it will be printed, and the four steps from draft to hand-in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from gengdi_desktop.domain.changes import Changes
from gengdi_desktop.errors import GengdiError
from gengdi_desktop.ui.context import UiContext
from gengdi_desktop.ui.dialogs.hand_in_dialog import HandInDialog
from gengdi_desktop.ui.dialogs.sign_dialog import SignDialog, SignWish
from gengdi_desktop.ui.dialogs.void_dialog import VoidDialog
from gengdi_desktop.ui.identities import identities_of
from gengdi_desktop.ui.jobs import Lane, Progress, Shown
from gengdi_desktop.ui.links import linked
from gengdi_desktop.ui.pages import report_work
from gengdi_desktop.ui.pages.first_steps import ways_in
from gengdi_desktop.ui.pages.report_differences import DifferencesView
from gengdi_desktop.ui.pages.report_output import ReportOutput
from gengdi_desktop.ui.pages.report_prose import ProseEditor
from gengdi_desktop.ui.pages.report_stations import StationDeeds, Stations
from gengdi_desktop.ui.pages.report_work import DraftPaper, FrozenPaper, Shelf
from gengdi_desktop.ui.pdf_pages import PdfPages
from gengdi_desktop.ui.widgets.empty_state import EmptyState
from gengdi_desktop.ui.widgets.fields import ChoiceField
from gengdi_desktop.ui.widgets.page import Page
from gengdi_desktop.ui.widgets.paper_view import PaperView
from gengdi_desktop.ui.widgets.parts import ElidedLabel, boxed, button, label, row, say
from gengdi_desktop.ui.widgets.shape import Shape

if TYPE_CHECKING:
    from gengdi_desktop.reports.comparing import Differences
    from gengdi_desktop.reports.frozen import ReportInfo
    from gengdi_desktop.reports.settings import PaperSettings

_DRAFT: Final = ""


class ReportsPage(Page):
    """One report at a time: which kind, which version, its paper, its way."""

    scrolls: ClassVar[bool] = False

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        self.setAccessibleName("报告")
        self._context = context
        self._shelf: Shelf | None = None
        self._settings: dict[str, PaperSettings] = {}
        self._draft: DraftPaper | None = None
        self._frozen: FrozenPaper | None = None
        self._wanted: int | None = None
        self._compared: int | None = None
        self._wanted_kind = self._wanted_field = ""
        self._samples: dict[str, str] = {}
        self._kind = ChoiceField("哪种报告", ())
        self._kind.activated.connect(self._kind_changed)
        self._version = ChoiceField("哪一版", (("", "草稿"),))
        self._version.activated.connect(self._show_chosen)
        self._note = ElidedLabel("", "label")
        self._paper = PaperView()
        self._prose = ProseEditor(context.host.open_dialog)
        self._prose.worded.connect(self._set_wording)
        self._desk = QStackedWidget()
        self._desk.addWidget(self._paper)
        self._desk.addWidget(self._prose)
        self._differences = DifferencesView(self._open_plot, self._show_paper_side)
        self._desk.addWidget(self._differences)
        deeds = StationDeeds(
            self._set_settings, self._show_words, lambda to: context.host.go(*linked(to)), self._freeze, self._ask_sign,
            self._save, self._ask_hand_in, self._new_version, self._ask_void, self._differ,
        )  # fmt: skip
        self._stations = Stations(deeds, context.facts.today, self._me, writable=context.writable)
        self._output = ReportOutput(self, context)
        self._tools = self._make_tools()
        printing = QShortcut(QKeySequence("Ctrl+P"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        printing.activated.connect(self._print)
        self._nothing = self._make_nothing()
        head = row(label("报告", "title"), self._kind, self._version, gap=10)
        head.addWidget(self._note, 1)
        head.addStretch(0)
        for one in self._tools:
            head.addWidget(one)
        self.body.addLayout(head)
        self._whole = row(gap=12)
        self._whole.addWidget(self._desk, 1)
        self._whole.addWidget(self._stations)
        self._both = boxed(self._whole)
        self.body.addWidget(self._both, 1)
        for state in self._nothing.values():
            state.hide()
            self.body.addWidget(state, 1)

    def _me(self) -> tuple[str, str]:
        """Role and name of who acts, as a signer is written; empty where nobody was chosen."""
        me = next((one for one in self._context.facts.active_members if one.name == self._context.member), None)
        return (me.role, me.name) if me else ("", "")

    def _make_nothing(self) -> dict[str, EmptyState]:
        """What stands in the place of a paper that cannot be written yet, by the code of the refusal."""
        go = self._context.host.go
        return {
            "nothing_to_report": EmptyState(
                "还没有可以报的",
                "台账里有了图斑，这里就能排出自查报告、整改工作报告和台账附件。",
                ways_in(self._context),
            ),
            "nothing_checked": EmptyState(
                "还没有抽查结果",
                "抽了样，到现场查了，结果录进来，这里就能排出抽查情况报告和退回清单。",
                (button("去抽查", "main", "target", pressed=lambda: go("sampling")),),
                picture=False,
            ),
            "nothing_failed": EmptyState(
                "没有要退回的图斑", "这次抽查的图斑都合格，不用出退回清单，写抽查情况报告就行。", picture=False
            ),
        }

    def _make_tools(self) -> tuple[QWidget, ...]:
        self._word = button("改文字", sign="pen", pressed=self._turn_over)
        return (
            self._word,
            button("核验", sign="key", pressed=lambda: self._context.host.go("verify")),
            button("打印", sign="print", key="Ctrl+P", pressed=self._print),
            button("另存", sign="save", pressed=self._save),
        )

    # -- what the window asks

    def arrange(self, shape: Shape) -> None:
        """Small pages only where there is room."""
        self._paper.set_thumbs(shown=not shape.compact)
        self._note.setVisible(not shape.compact)
        self._stations.set_narrow(narrow=shape.compact)

    def shown(self) -> None:
        """Look which reports there are, then show the chosen one anew."""
        ledger = self._context.ledger
        self._context.jobs.read(
            lambda _progress: report_work.read_shelf(ledger),
            self._show_shelf,
            self.refused,
            owner=self,
            newest="shelf",
        )

    def leave(self) -> None:
        """What was typed a moment ago is kept too."""
        if self._prose.pending:
            self._prose.tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of the paper count wherever on the page one is, unless a field wants them."""
        if self._desk.currentWidget() is not self._paper or not self._paper.take_key(event):
            super().keyPressEvent(event)

    def wish(self, filters: Mapping[str, str]) -> None:
        """A kind from elsewhere, of which ``sample``, and the field of its draft where something is missing."""
        if not filters.get("kind"):
            return
        if filters.get("sample"):
            self._samples[filters["kind"]] = filters["sample"]
        self._wanted_kind, self._wanted_field = filters["kind"], filters.get("field", "")
        if self._shelf is not None:
            self._show_shelf(self._shelf)

    # -- which one

    def _show_shelf(self, shelf: Shelf) -> None:
        self._shelf = shelf
        chosen = self._wanted_kind or self._kind.code() or shelf.due
        if self._wanted_kind:
            self._version.choose(_DRAFT)
        self._wanted_kind = ""
        self._kind.set_options([(one.code, one.label) for one in shelf.kinds], chosen)
        self._fill_versions()
        self._show_chosen()

    def _fill_versions(self) -> None:
        if self._shelf is None:
            return
        frozen = self._shelf.of(self._kind.code())
        options = [(_DRAFT, "草稿"), *((str(one.id), _version_words(one)) for one in frozen)]
        wanted = str(self._wanted) if self._wanted is not None else self._version.code()
        known = [code for code, _ in options]
        self._version.set_options(options, wanted if wanted in known else _DRAFT)
        self._wanted = None

    def _kind_changed(self) -> None:
        self._fill_versions()
        frozen = self._shelf.of(self._kind.code()) if self._shelf is not None else ()
        if frozen:
            self._version.choose(str(frozen[0].id))
        self._show_chosen()

    def _show_chosen(self) -> None:
        code = self._version.code()
        ledger, kind = self._context.ledger, self._kind.code()
        if code:
            self._context.jobs.run(
                Lane.FILES,
                lambda _progress: report_work.read_report(ledger, int(code)),
                self._show_frozen,
                self._not_shown,
                owner=self,
                newest="paper",
            )
            return
        settings, sample = self._settings.get(kind), self._samples.get(kind, "")
        self._context.jobs.run(
            Lane.FILES,
            lambda progress: report_work.make_draft(ledger, kind, settings, progress, sample=sample),
            partial(self._show_draft, kind),
            self._not_shown,
            owner=self,
            shown=Shown("排草稿", "行", "取消不会留下什么。"),
            newest="paper",
        )

    def _show_draft(self, kind: str, paper: DraftPaper) -> None:
        self._draft, self._frozen = paper, None
        self._settings[kind] = paper.settings
        if self._desk.currentWidget() is self._differences:
            self._show_paper_side()
        self._show_paper(paper.pages, "还没有定稿")
        info = next((one for one in self._shelf.kinds if one.code == kind), None) if self._shelf is not None else None
        self._word.setEnabled(self._context.writable and bool(paper.draft.wordings))
        self._prose.show_draft(paper.draft, paper.headings)
        number = paper.settings.number.strip()
        older = sum(bool(number) and one.number == number for one in self._shelf.of(kind)) if self._shelf else 0
        self._stations.show_draft(paper, older, needs_number=info is not None and info.needs_number)
        if self._wanted_field:
            self._stations.focus_field(self._wanted_field)
            self._wanted_field = ""

    def _show_frozen(self, paper: FrozenPaper) -> None:
        same = self._frozen is not None and self._frozen.info.id == paper.info.id
        self._draft, self._frozen = None, paper
        self._word.setEnabled(False)
        if same and self._desk.currentWidget() is self._differences:
            self._differ(self._compared)  # back from a plot: the ledger may say something else now
        else:
            self._show_paper_side()
        self._show_paper(paper.pages, f"第 {paper.info.version} 版，{paper.info.state_words}")
        self._stations.show_frozen(paper, self._context.facts.today)

    def _show_paper(self, pages: PdfPages, note: str) -> None:
        for state in self._nothing.values():
            state.hide()
        self._both.show()
        self._note.set_words(note)
        self._paper.show_pages(pages.sizes, partial(self._fetch, pages))

    def _fetch(self, pages: PdfPages, page: int, width: int, keep: Callable[[QImage], None]) -> None:
        self._context.jobs.run(Lane.FILES, lambda _progress: pages.picture(page, width), keep, owner=self)

    def _not_shown(self, error: GengdiError) -> None:
        if error.code not in self._nothing:
            self.messages.show_error(error)
            return
        # What was in front before is not to be printed or saved under this name.
        self._draft = self._frozen = None
        self._word.setEnabled(False)
        self._both.hide()
        for code, state in self._nothing.items():
            state.setVisible(code == error.code)
        self._note.set_words("")

    # -- the two sides of a draft: the paper, and its words

    def _turn_over(self) -> None:
        if self._desk.currentWidget() is self._paper:
            self._show_words()
        else:
            self.leave()
            self._show_paper_side()

    def _show_words(self) -> None:
        if self._draft is not None and self._word.isEnabled():
            self._desk.setCurrentWidget(self._prose)
            say(self._word, "看版面")

    def _show_paper_side(self) -> None:
        self._desk.setCurrentWidget(self._paper)
        say(self._word, "改文字")

    def _set_wording(self, wording: dict[str, str]) -> None:
        settings = self._settings.get(self._kind.code())
        if settings is not None and dict(settings.wording) != wording:
            self._set_settings(replace(settings, wording=wording))

    # -- stations

    def _set_settings(self, settings: PaperSettings) -> None:
        """Keep what was settled or worded, and draw the paper anew."""
        kind, ledger = self._kind.code(), self._context.ledger
        self._settings[kind] = settings
        if self._context.writable:
            self._context.jobs.write(
                lambda _progress: report_work.keep_draft(ledger, kind, settings), failed=self.refused, owner=self
            )
        self._show_chosen()

    def _freeze(self) -> None:
        paper, kind, ledger = self._draft, self._kind.code(), self._context.ledger
        by = self._context.actor_or(self.refused)
        if by is None or paper is None:
            return

        def work(progress: Progress) -> ReportInfo:
            return report_work.freeze(ledger, kind, paper, by, progress)

        self._context.jobs.run(
            Lane.WRITE,
            work,
            self._frozen_now,
            self.refused,
            owner=self,
            shown=Shown("生成报告", "行", "取消后报告没有定稿。"),
        )

    def _frozen_now(self, info: ReportInfo) -> None:
        self._settings.pop(info.kind, None)
        self._wanted = info.id
        self._tell(info.head_seq + 1)

    def _ask_sign(self) -> None:
        paper = self._frozen
        if paper is None or not paper.info.unsigned:
            return
        following = paper.info.unsigned[0]
        people = [one.name for one in self._context.facts.active_members]
        known = identities_of(following.signer)
        dialog = SignDialog(paper.info.title, following.signer, following.role, known, self._context.prompts, people)
        dialog.wished.connect(partial(self._sign, dialog, paper.info.id))
        self._context.host.open_dialog(dialog)

    def _sign(self, dialog: SignDialog, report: int, wish: SignWish) -> None:
        ledger = self._context.ledger

        def refused(error: GengdiError) -> None:
            dialog.messages.show_error(error)
            dialog.failed()

        def done(info: ReportInfo) -> None:
            dialog.done()
            self._tell(info.head_seq + 1)

        self._context.jobs.write(
            lambda _progress: report_work.sign(ledger, report, wish), done, refused, owner=dialog, title="签名"
        )

    def _ask_hand_in(self) -> None:
        paper = self._frozen
        if paper is None:
            return
        info, context = paper.info, self._context
        dialog = HandInDialog(info.title, info.recipient, context.clock.now(), context.facts.today, context.prompts)
        dialog.wished.connect(partial(self._hand_in, info.id))
        context.host.open_dialog(dialog)

    def _hand_in(self, report: int, values: dict[str, str], at: datetime) -> None:
        by, ledger = self._context.actor_or(self.refused), self._context.ledger
        if by is None:
            return
        self._context.jobs.write(
            lambda _progress: report_work.hand_in(ledger, report, values, at, by),
            self._tell,
            self.refused,
            owner=self,
        )

    def _ask_void(self) -> None:
        paper = self._frozen
        if paper is None:
            return
        dialog = VoidDialog(paper.info.title, paper.info.version)
        dialog.wished.connect(partial(self._void, paper.info.id))
        self._context.host.open_dialog(dialog)

    def _void(self, report: int, reason: str) -> None:
        by, ledger = self._context.actor_or(self.refused), self._context.ledger
        if by is not None:
            self._context.jobs.write(
                lambda _progress: report_work.void(ledger, report, reason, by), self._tell, self.refused, owner=self
            )

    def _differ(self, earlier: int | None) -> None:
        """Compare the report in front with an earlier version, or with the ledger as it stands."""
        paper, ledger = self._frozen, self._context.ledger
        if paper is None:
            return
        self._compared = earlier
        older, newer = (paper.info.id, None) if earlier is None else (earlier, paper.info.id)
        self._context.jobs.run(
            Lane.FILES,
            lambda progress: report_work.differences(ledger, older, newer, progress),
            self._show_differences,
            self.refused,
            owner=self,
            shown=Shown("比对", "个图斑", "取消不会留下什么。"),
            newest="differences",
        )

    def _show_differences(self, found: Differences) -> None:
        again = self._desk.currentWidget() is self._differences
        self._differences.show_differences(found)
        self._desk.setCurrentWidget(self._differences)
        if not again:
            self._differences.back.setFocus()

    def _open_plot(self, plots: tuple[str, ...], title: str, plot: str) -> None:
        self._context.trail.follow(plots, title, "reports")
        self._context.host.go("plot", {"plot": plot})

    def _new_version(self) -> None:
        """The same report with today's figures: a draft that takes over what the last version was sent with."""
        paper, ledger = self._frozen, self._context.ledger
        if paper is None:
            return

        def done(settings: PaperSettings) -> None:
            self._settings[paper.info.kind] = settings
            self._version.choose(_DRAFT)
            self._show_chosen()

        self._context.jobs.write(
            lambda _progress: report_work.begin_again(ledger, paper.info), done, self.refused, owner=self
        )

    def _tell(self, seq: int) -> None:
        self._context.bus.tell(Changes(seq, frozenset({"report"})))

    # -- out

    def _print(self) -> None:
        paper = self._frozen or self._draft
        if paper is not None:
            self._output.print_pages(self._kind.currentText(), paper.pages)

    def _save(self) -> None:
        paper = self._frozen or self._draft
        if paper is not None:
            self._output.save(paper)


def _version_words(one: ReportInfo) -> str:
    version = f"第 {one.version} 版" if one.version > 1 or not one.number else ""
    return "　".join(filter(None, (one.number, version, one.state.label)))
