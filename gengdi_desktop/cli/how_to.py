"""What to type next, by the code of a refusal: services speak to windows too, so their hints name no options."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_MOST_WAYS = 3
_COLUMNS = '加 --columns 列.toml，里面一行一列，例如 "图斑面积" = "plot_area:平方米"。'
_DAMAGE = "少了、坏了哪些用 gengdi check 台账 看，从备份恢复用 gengdi restore 备份文件 新文件夹。"
_AGAIN = "编号用 gengdi report 台账 列出。"

EVERYWHERE: Mapping[str, str] = {
    "who": "加 --as 姓名。",
    "unknown_member": "在册的用 gengdi member 台账 列出，增加用 --add 姓名 --role 角色。",
    "viewer": "换一个人办：--as 姓名。",
    "last_member": "先加接手的人：gengdi member 台账 --add 姓名 --role clerk。",
    "damaged": "从备份恢复：gengdi restore 备份文件 新文件夹。",
    "too_old": "用 gengdi open 台账 打开一次。",
    "maybe_saved": "最后一条用 gengdi history 台账 --limit 1 看。",
    "unknown_plot": "有哪些图斑用 gengdi plots 台账 列出。",
    "nothing_to_report": "用 gengdi import 台账 清单.xlsx 导入。",
    "passphrase_wrong": "口令写在文件的第一行，用 --passphrase-file 文件 指明。",
    "passphrase_short": "口令写在文件的第一行，用 --passphrase-file 文件 指明。",
    "fingerprint_unreadable": "指纹用 gengdi identity 台账 或 gengdi trust 台账 列出，照抄就行。",
    "certificate_unknown": "信任名单用 gengdi trust 台账 列出。",
    "certificate_over": "新建用 gengdi identity 台账 --create。",
    "identity_missing": "新建用 gengdi identity 台账 --create，导入用 --import 文件.p12。",
}

BY_COMMAND: Mapping[str, Mapping[str, str]] = {
    "import": {
        "rows_refused": "加 --partial 只导入无误的行；先看结果加 --dry-run。",
        "changed": "重新下发的清单，加 --reissue-of 原清单名；清单名用 gengdi stats 台账 看。",
        "clue_elsewhere": "重新下发的清单，加 --reissue-of 原清单名；清单名用 gengdi stats 台账 看。",
        "unknown_list": "清单名照抄在 --reissue-of 后面。",
        "expected_count_differs": "通知上的个数写错了，就改 --expect-count。",
        "expected_area_differs": "通知上的面积写错了，就改 --expect-area。",
        "sheet_count_differs": "核对过确实只有这些行，加 --partial 照收。",
        "sheet_area_differs": "核对过确实只有这些行，加 --partial 照收。",
        "columns_unclear": _COLUMNS,
        "identity_unclear": _COLUMNS,
        "area_unclear": _COLUMNS,
        "unit_unclear": _COLUMNS,
        "unit_doubtful": _COLUMNS,
        "header_missing": "加 --header 3 或 --header 3-4，写明表头是第几行。",
        "unknown_column": "改 --columns 指的那个文件。",
        "unknown_column_field": "改 --columns 指的那个文件；字段名用 --dry-run --json 看 columns。",
        "several_tables": "加 --sheet 工作表名，一张一张导入。",
        "only_hidden": "加 --sheet 工作表名。",
        "unknown_sheet": "照抄在 --sheet 后面。",
        "village_form": "用 gengdi progress 台账 填报表.xlsx 录入。",
    },
    "progress": {
        "rows_refused": "加 --partial 先录没有问题的行；先看结果加 --dry-run。",
        "smaller": "确实要减少，加 --accept-smaller。",
        "date_missing": "加 --date 2023-08-20 这样的填报日期。",
        "check_differs": "更正用 gengdi act 台账 更正 图斑 --set 更正项目=成因 --set 更正为=… --reason 原因。",
        "date_unclear": "加 --date 2023-08-20 这样的填报日期。",
        "unit_unclear": _COLUMNS,
        "columns_unclear": _COLUMNS,
        "unknown_column": "改 --columns 指的那个文件。",
        "unknown_column_field": "改 --columns 指的那个文件。",
        "unknown_sheet": "照抄在 --sheet 后面。",
        "no_header": "给村里填的表用 gengdi export 台账 填报表.xlsx --form village 做。",
        "unknown_own_id": "哪本台账出的表，就录进哪本台账。",
    },
    "act": {
        "unknown_action": "每个事项和要填的内容：gengdi act 台账 --actions。",
        "unknown_field": "每个事项要填的内容：gengdi act 台账 --actions。",
        "four_eyes": "由别人来验收：--as 姓名。",
        "not_own": "加 --set 新的整改时限=2023-08-30，按退回办。",
    },
    "photos": {
        "reason_missing": "加 --reason 原因。",
        "not_waiting": "序号用 gengdi photos 台账 --tray 列出。",
        "unknown_attachment": "序号用 gengdi photos 台账 --of 图斑 列出，回收站里的用 --bin 列出。",
    },
    "undo": {
        "in_the_way": "一条一条撤：gengdi undo 台账 序号；只恢复一项：--field 图斑:项目。",
        "untouched": "加 --untouched 只撤没有改过的图斑。",
        "no_such_entry": "序号用 gengdi history 台账 看。",
        "already_undone": "经过用 gengdi history 台账 看。",
        "nothing_to_undo": "经过用 gengdi history 台账 看。",
        "unknown_field": "写法是 --field 图斑:项目，例如 --field 白圩村/0012:成因。",
    },
    "campaign": {"bad_campaign": "设置文件的写法见 gengdi campaign --help。"},
    "new": {"bad_campaign": "设置文件的写法见 gengdi campaign --help。"},
    "report": {
        "file_missing": _DAMAGE,
        "file_damaged": _DAMAGE,
        "recipient_missing": "加 --to 主送机关。",
        "number_missing": "加 --number 文号，例如 --number 白府函〔2023〕12号。",
        "number_form": "加 --number 文号，例如 --number 白府函〔2023〕12号。",
        "number_taken": "换一个：--number 文号。用过的用 gengdi report 台账 列出。",
        "date_missing": "加 --date 2023-08-20 这样的成文日期。",
        "no_fields": "定稿时加 --signer 角色:姓名，几个人签就写几次。",
        "not_a_signer": "由签名人来签：--as 姓名；换签名人要在定稿时写 --signer 角色:姓名。",
        "already_signed": "由还没签的人来签：--as 姓名。",
        "signing_order": "由还没签的人先签：--as 姓名。",
        "identity_of_another": "用 --as 写明是谁来签，用 --identity 写明指纹。",
        "unknown_report": _AGAIN,
        "unknown_kind": "种类用 gengdi report 台账 --kinds 列出。",
        "no_tie_out": "检查台账：gengdi check 台账。",
        "reason_missing": "加 --reason 原因。",
        "report_sent": "另出一版：--freeze，文号写同一个。",
        "report_void": "另出一版：--freeze。",
        "other_kind": "同一种的报告用 gengdi report 台账 列出。",
        "rebuild_differs": "取出留存的文件：--again --out 文件名.pdf。",
        "font_missing": "取出留存的文件：--again --out 文件名.pdf。",
        "all_signed": "取出签好的文件：--again --out 文件名.pdf。",
    },
    "sample": {
        "unknown_sample": "编号用 gengdi sample 台账 --list 列出。",
        "empty_frame": "申报到位的图斑用 gengdi plots 台账 --where state=claimed 列出。",
        "unknown_stratum": "分层写 --by 村,问题类型；整层全查写 --whole 层的名称。",
        "bad_count": "个数写 --count 30，比例写 --ratio 5%。",
        "bad_ratio": "写 --ratio 5%。",
        "bad_fail_limit": "写 --fail-limit 10%。",
        "not_drawn": "用 --draw 编号 --seed 数字 --count 个数。",
        "already_drawn": "多抽用 --enlarge 编号 --count 个数。",
        "second_seed": "多抽用 --enlarge 编号 --count 个数；另抽一次加 --reason 原因。",
        "enlarged": "编号用 gengdi sample 台账 --list 列出。",
        "not_larger": "加大 --count。",
        "reason_missing": "加 --reason 原因。",
        "not_in_sample": "抽中的用 --show 编号 列出。",
        "has_result": "改结果用 --result 编号。",
        "finding_missing": "加 --finding 看到的问题。",
        "four_eyes": "写 --checker 姓名 --second 另一人。",
        "not_of_the_team": "增加用 gengdi member 台账 --add 姓名 --role checker。",
        "before_draw": "加 --date 日期。",
        "before_frame": "加 --date 日期。",
        "in_future": "加 --date 日期。",
        "deadline_past": "改 --deadline。",
        "nothing_to_enter": "录入用 --result 编号。",
        "nothing_to_return": "入账用 --enter 编号。",
        "already_entered": "撤销用 gengdi undo 台账 序号。",
    },
    "handin": {"unknown_report": _AGAIN},
    "receive": {
        "signer_unknown": "核对一致后用 gengdi trust 台账 包或证书 加入名单。",
        "signer_other_unit": "加 --reason 原因。",
        "journal_rewritten": "加 --reason 原因。",
        "journal_gap": "请对方加 --whole 从头打一个包；不能的加 --reason 原因。",
        "other_ledger": "加 --reason 原因。",
    },
    "conflicts": {
        "missing": "加 --reason 理由。",
        "no_conflict": "序号用 gengdi conflicts 台账 列出。",
        "decided": "裁定过的用 gengdi conflicts 台账 --all 列出。",
    },
    "board": {"unknown_unit": "有哪些乡镇用 gengdi board 台账 列出。"},
    "pack": {
        "unknown_unit": "乡镇写在 --for-unit 后面，每个乡镇各打一个用 --all-units。",
        "wrong_desk": "种类见 gengdi pack --help。",
        "package_too_large": "加 --no-photos 先报数据。",
    },
    "export": {"nothing_to_fill": "各村的数字：gengdi stats 台账。", "unknown_village": "照抄在 --village 后面。"},
    "demo": {
        "not_empty": "例如 --out 样例2。",
        "unknown_unit": "单位写在 --unit 后面。",
        "ambiguous_unit": "单位写在 --unit 后面。",
    },
    "check": {"no_head": "报告写在 --against 后面。"},
}


def ways(command: str, codes: Iterable[str]) -> str:
    """What to type, for the first codes that anything is known of; empty where nothing is.

    Args:
        command: The command that was refused.
        codes: Of the refusal, and of the rows or plots that it is made of.
    """
    own = BY_COMMAND.get(command, {})
    found = (own.get(code) or EVERYWHERE.get(code) for code in dict.fromkeys(codes))
    told = tuple(dict.fromkeys(way for way in found if way))[:_MOST_WAYS]
    return "".join(told)


def codes_of(command: str, code: str, data: Mapping[str, Any] | None) -> tuple[str, ...]:
    """The code of a refusal with those of the rows (``problems``) or plots (``refused``) that come along.

    Of a package only the weightiest problem is told, and the way past another would lead the wrong way: nobody should
    be taught to trust the sender of a package that is not for us.
    """
    if command == "receive":
        return (code,)
    # Of an import whose plots were worked on, the rest can go; that is the way which people want.
    found = ["untouched" if (data or {}).get("untouched") else code]
    for key in ("problems", "refused"):
        rows = (data or {}).get(key)
        if isinstance(rows, list):
            found += [str(row["code"]) for row in rows if "code" in row]
    return tuple(found)
