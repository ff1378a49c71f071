"""What the demo people write into the forms: one plain answer for each step of the main job.

A story overrides single values (`stories.py`); a callable is asked for its value at the moment of completion.
What an answer leaves out stays as the case has it: when we learned of a feedback is said once, at its start.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

Answer = Mapping[str, object | Callable[[datetime], object]]


def day(offset: int) -> Callable[[datetime], str]:
    """An ISO date, `offset` days after the moment of completion."""
    return lambda now: (now + timedelta(days=offset)).date().isoformat()


def moment(hours: float) -> Callable[[datetime], str]:
    """An ISO date and time, `hours` after (negative: before) the moment of completion."""
    return lambda now: (now + timedelta(hours=hours)).isoformat(timespec="minutes")


def actions(*rows: tuple[str, str, str, int]) -> Callable[[datetime], list[dict[str, object]]]:
    """Rows of the action plan: description, type, owner and days until due."""
    return lambda now: [
        {
            "desc": text,
            "type": kind,
            "owner": owner,
            "due": day(days)(now),
            "criterion": "连续三批检验无同类缺陷",
        }
        for text, kind, owner, days in rows
    ]


TWO_ACTIONS = actions(
    ("更换密封面研磨工装并复核全部在制品", "纠正措施", "jiang.wei", 7),
    ("出厂试压增加保压十分钟的检查项", "预防", "shen.hao", 10),
)

ANSWERS: dict[str, Answer] = {
    "SE_feedback": {
        "aware_at": moment(-1.5),
        "channel": "电话热线",
        "reporter": "客户热线值班",
        "contact_name": "林海",
        "contact_phone": "13812345678",
    },
    "SE_extension": {
        "clock": "confirm",
        "special_reason": "失效件须送第三方做金相检验，最早后天出报告，现有条件下无法提前。",
        "new_due": moment(48),
    },
    "UT_opinion": {"dept_view": "同意", "dept_note": "确属特殊问题，检验已经安排，新期限可行。"},
    "UT_decide": {"extension_decision": "批准"},
    "UT_supervise": {
        "supervise_opinion": "人手不足造成拖延，已增派一人，请明日下班前办结。",
        "committed_at": moment(24),
    },
    "UT_assign": {"handler": "wang.fang", "assign_note": "请今天内联系客户。"},
    "UT_register": {
        "contact_name": "林海",
        "contact_phone": "13812345678",
        "contact_email": "lin.hai@example.com",
        "org": "东川热力有限公司",
        "channel": "电话热线",
        "nature": "投诉",
        "subject": "产品",
        "source": "客户",
        "qty": 1,
        "qty_unit": "台",
        "current_status": "停用",
        "injury": False,
        "expectation": "维修",
    },
    "UT_triage": {
        "prelim_cause": "制造",
        "prelim_note": "已电话核实，客户操作符合说明书，初步判断为制造原因。",
        "is_logistics": False,
        "safety_critical": False,
        "affects_production": False,
        "media_exposure": False,
        "special": False,
    },
    "UT_logistics": {"logistics_choice": "报告公司", "carrier": "顺达物流", "waybill": "SD20261108"},
    "UT_report": {
        "to_depts": ["dept"],
        "report_summary": "客户反映设备投用后出现质量问题，已完成登记与初步分析，请品质部调查。",
    },
    "UT_accept": {"investigator": "li.ming", "assist_depts": ["dept"], "onsite_needed": False},
    "UT_apply": {
        "destination": "东川市热力公司一号锅炉房",
        "necessity": "重大",
        "persons": "李明、吕超",
        "onsite_plan": "两日内到场，检查、取样并与客户共同确认。",
        "onsite_cost": 3600,
    },
    "UT_gm": {"onsite_decision": "批准"},
    "UT_vp": {"onsite_decision": "批准"},
    "UT_alternative": {
        "alternative": "由当地服务站取样寄回检验。",
        "alternative_reason": "现场道路封闭，近期不能前往。",
    },
    "UT_depart": {"depart_at": moment(-0.5)},
    "UT_onsite": {
        "onsite_findings": "现场复现故障，取回失效件两只，客户对处理表示认可。",
        "customer_sign": "林海",
    },
    "UT_assist": {
        "facts": "该批共 46 件，装配记录齐全，研磨工序由两班完成。",
        "opinion": "属本部门",
        "reason": "乙班研磨工装磨损超差，首检未发现。",
        "hours": 4,
    },
    "UT_analyse": {
        "facts": "失效件密封面有环形划痕，深度 0.08 毫米，超出图样要求。",
        "cause_direct": "密封面研磨不合格。",
        "cause_root": "研磨工装未列入周期检定，磨损后继续使用。",
        "ours": "是",
    },
    "UT_approve": {"report_decision": "批准"},
    "UT_plan": {
        "method": "为客户更换阀门总成，隔离并复检同批产品。",
        "disposition": "换货",
        "root_method": "5Why",
        "actions": TWO_ACTIONS,
        "report_dates": lambda now: [{"date": day(5)(now)}],
        "cost_est": 8600,
        "countersign_depts": ["dept"],
    },
    "UT_countersign": {"agree": "同意"},
    "UT_meeting": {
        "attendees": ["li.ming", "jiang.wei"],
        "minutes": "会商一致：先更换再追溯同批，检定周期改为每月一次。",
    },
    "UT_approve_plan": {"plan_decision": "批准"},
    "UT_inform_customer": {
        "inform_text": "您反映的问题已查明，我公司将在一周内为您更换阀门总成。",
        "inform_channel": "电话",
        "informed_at": moment(-0.2),
    },
    "UT_breakdown": {"actions": TWO_ACTIONS, "report_dates": lambda now: [{"date": day(5)(now)}]},
    "qf_action.UT_accept": {"accept": "接受"},
    "UT_reassign": {"action_owner": "shen.hao", "reassign_reason": "原负责人出差。"},
    "UT_do": {
        "progress": 100,
        "done_note": "已按计划完成，记录见附件。",
        "actual_done": day(0),
        "cost": 1200,
    },
    "UT_check": {"check_result": "通过"},
    "UT_progress": {"progress_note": "两项措施按计划进行，无偏差。", "progress_percent": 60},
    "UT_follow": {"follow_note": "已转告客户进度，客户无异议。"},
    "UT_confirm": {"confirm_note": "全部措施已完成并检查通过。"},
    "UT_criteria": {"criterion": "整改后连续三批出厂试压一次合格，客户处运行七天无泄漏。", "window_days": 7},
    "UT_verify": {
        "recurrence": False,
        "result": "有效",
        "verify_note": "三批共 138 件一次合格，客户处运行正常。",
    },
    "UT_standardise": {
        "doc_updates": [{"doc_no": "QG-JY-017", "doc_name": "阀门研磨作业指导书", "version": "B/1→B/2"}],
        "lesson": "工装必须列入周期检定，首检要覆盖密封面。",
    },
    "UT_not_ours": {"not_ours_note": "已将经批准的调查报告单告知客户，协助联系原厂处理。"},
    "UT_unsolvable": {
        "unsolvable_reason": "三次整改均未达到判据，结构设计需要重做。",
        "measures_proposed": ["停产"],
    },
    "UT_reply": {
        "reply_text": "问题已处理完毕，整改已验证有效，感谢您的反馈。",
        "reply_channel": "电话",
        "replied_at": moment(-0.2),
    },
    "UT_survey": {
        "sat_overall": 5,
        "sat_speed": 4,
        "sat_attitude": 5,
        "sat_result": 5,
        "comment": "处理及时。",
    },
    "UT_reopen": {"reopen_decision": "不重开", "reopen_reason": "客户的新诉求另案登记。"},
    "UT_close": {
        "check_report": True,
        "check_actions": True,
        "check_verified": True,
        "check_replied": True,
        "closure_note": "资料齐全，同意关闭归档。",
    },
}
