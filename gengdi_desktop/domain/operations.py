"""The closed list of what a journal entry can be, with the Chinese words of the history."""

from __future__ import annotations

from enum import StrEnum


class Operation(StrEnum):
    """The ``action`` of a journal entry; codes are stored and never change."""

    # the ledger itself
    CREATE = "create"
    REBASE = "rebase"
    MEMBER = "member"
    CAMPAIGN = "campaign"
    SETTINGS = "settings"
    # lists into plots
    IMPORT = "import"
    REISSUE = "reissue"
    MAPPING = "mapping"
    OUTLINES = "outlines"
    # plots in motion: the codes of the action table
    CHECK = "check"
    PLAN = "plan"
    CONTEST = "contest"
    START = "start"
    PROGRESS = "progress"
    WORKS_DONE = "works_done"
    CLAIM = "claim"
    ACCEPT = "accept"
    COUNTY_ACCEPT = "county_accept"
    RETURN = "return"
    CLOSE = "close"
    SPOT_CHECK = "spot_check"
    REVISIT = "revisit"
    REOPEN = "reopen"
    HOLD = "hold"
    RELEASE = "release"
    CANCEL = "cancel"
    RESTORE = "restore"
    CORRECT = "correct"
    SPLIT = "split"
    UNSPLIT = "unsplit"
    ATTACH = "attach"
    PHOTO_ANSWER = "photo_answer"
    NOTE = "note"
    PROGRESS_SHEET = "progress_sheet"
    EDIT = "edit"
    # documents out
    REPORT = "report"
    FREEZE = "freeze"
    SIGN = "sign"
    HAND_IN = "hand_in"
    VOID = "void"
    EXPORT = "export"
    # between desks
    PACK = "pack"
    RECEIVE = "receive"
    DECIDE = "decide"
    FRAME = "sample_frame"
    DRAW = "sample_draw"
    REPLACE = "sample_replace"
    CHECK_RESULT = "check_result"
    # keys, erasing, safety
    IDENTITY = "identity"
    TRUST = "trust"
    DISTRUST = "distrust"
    ERASE = "erase"
    BACKUP = "backup"
    # turning back
    UNDO = "undo"
    RESTORE_FIELD = "restore_field"

    @property
    def label(self) -> str:
        """The Chinese name, as history shows it."""
        return _LABELS[self]

    @property
    def undoable(self) -> bool:
        """Whether an entry of this kind can be turned back; the others are only superseded."""
        return self not in _FINAL


_LABELS = {
    Operation.CREATE: "建立台账",
    Operation.REBASE: "升级台账结构",
    Operation.MEMBER: "成员变动",
    Operation.CAMPAIGN: "设置专项行动",
    Operation.SETTINGS: "修改设置",
    Operation.IMPORT: "导入清单",
    Operation.REISSUE: "导入重新下发的清单",
    Operation.MAPPING: "记住表头对应",
    Operation.OUTLINES: "补边界",
    Operation.CHECK: "自查",
    Operation.PLAN: "定措施",
    Operation.CONTEST: "举证",
    Operation.START: "开工",
    Operation.PROGRESS: "进展",
    Operation.WORKS_DONE: "完工未种",
    Operation.CLAIM: "申报到位",
    Operation.ACCEPT: "镇级验收",
    Operation.COUNTY_ACCEPT: "县级验收",
    Operation.RETURN: "退回、撤回申报",
    Operation.CLOSE: "销号",
    Operation.SPOT_CHECK: "抽查",
    Operation.REVISIT: "回头看",
    Operation.REOPEN: "反弹、重开",
    Operation.HOLD: "暂缓、争议",
    Operation.RELEASE: "恢复办理",
    Operation.CANCEL: "核减",
    Operation.RESTORE: "撤销核减",
    Operation.CORRECT: "更正",
    Operation.SPLIT: "拆分",
    Operation.UNSPLIT: "撤销拆分",
    Operation.ATTACH: "附件",
    Operation.PHOTO_ANSWER: "照片说明",
    Operation.NOTE: "备注",
    Operation.PROGRESS_SHEET: "录入进展表",
    Operation.EDIT: "修改",
    Operation.REPORT: "编写报告",
    Operation.FREEZE: "定稿",
    Operation.SIGN: "签名",
    Operation.HAND_IN: "报送",
    Operation.VOID: "作废报告",
    Operation.EXPORT: "导出",
    Operation.PACK: "打包",
    Operation.RECEIVE: "收包",
    Operation.DECIDE: "冲突裁定",
    Operation.FRAME: "封存抽样框",
    Operation.DRAW: "抽样",
    Operation.REPLACE: "替换抽查图斑",
    Operation.CHECK_RESULT: "录入抽查结果",
    Operation.IDENTITY: "签名身份",
    Operation.TRUST: "信任证书",
    Operation.DISTRUST: "取消信任证书",
    Operation.ERASE: "删除个人信息",
    Operation.BACKUP: "备份",
    Operation.UNDO: "撤销",
    Operation.RESTORE_FIELD: "恢复单项",
}
_FINAL = frozenset(
    {
        Operation.CREATE,
        Operation.REBASE,
        Operation.FREEZE,
        Operation.SIGN,
        Operation.HAND_IN,
        Operation.VOID,
        Operation.EXPORT,
        Operation.PACK,
        # A draw that could be taken back could be drawn again until it pleases.
        Operation.FRAME,
        Operation.DRAW,
        Operation.IDENTITY,
        Operation.TRUST,
        Operation.DISTRUST,
        Operation.ERASE,
        Operation.BACKUP,
    }
)
