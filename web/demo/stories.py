"""Complaints as they come in: what the customer says, how the case differs, and where it stands today."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from web.demo.answers import Answer, actions


@dataclass(frozen=True)
class Story:
    """One case of the demo organisation.

    `until` is the element (or `process.element`) at which the case still waits; None plays it to its end.
    `started` is days before today, `pace` working hours between two steps; `answers` override `ANSWERS`,
    by element.
    """

    gist: str
    product: str
    model: str
    org: str
    until: str | None
    started: float
    pace: float = 3.0
    by: str = "wang.fang"
    answers: Mapping[str, Answer] = field(default_factory=dict)
    drafts: Mapping[str, Answer] = field(default_factory=dict)


MAJOR: dict[str, Answer] = {
    "UT_register": {"injury": True, "current_status": "已隔离"},
    "UT_triage": {
        "safety_critical": True,
        "special": True,
        "special_reason": "涉及人身伤害。",
    },
    "qf_investigate.UT_accept": {
        "onsite_needed": True,
        "assist_depts": ["dept", "rd_head"],
        "containment": "通知客户停炉，隔离同批库存。",
    },
}

STORIES = (
    Story("安全阀回座后持续泄漏", "弹簧式安全阀", "A48Y-16C", "东川热力有限公司", None, 34, 6.3),
    Story(
        "燃烧器点火失败，程控器报警",
        "燃气燃烧器",
        "RS-120",
        "南桥纺织印染厂",
        "UT_assign",
        0.1,
        by="zhou.xiao",
    ),
    Story(
        "水位计玻璃板裂纹渗水",
        "双色水位计",
        "B49H-2.5",
        "北岭造纸有限公司",
        "UT_register",
        0.2,
        1.5,
        drafts={"UT_register": {"symptom": "玻璃板裂纹约两厘米，升压后渗水。", "org": "北岭造纸有限公司"}},
    ),
    Story("给水泵机械密封漏水", "锅炉给水泵", "DG46-50", "金湖制药有限公司", "UT_triage", 0.35, 1.5),
    Story(
        "控制柜外壳运输中压凹，门锁失效",
        "锅炉控制柜",
        "KZ-10T",
        "西陵食品有限公司",
        None,
        12,
        2,
        answers={
            "UT_triage": {"prelim_cause": "物流", "is_logistics": True},
            "UT_logistics": {"logistics_choice": "拒收", "carrier": "顺达物流", "waybill": "SD20261108"},
        },
    ),
    Story(
        "希望说明书增加冬季停炉保养一节",
        "蒸汽锅炉",
        "WNS4-1.25",
        "河口宾馆",
        None,
        9,
        2,
        answers={"UT_register": {"nature": "建议", "expectation": "解释"}},
    ),
    Story(
        "安全阀泄漏，与上月同一台设备",
        "弹簧式安全阀",
        "A48Y-16C",
        "东川热力有限公司",
        None,
        6,
        2,
        answers={"UT_triage": {"duplicate_of": lambda now: f"QF-{(now - timedelta(days=28)).year}-000002"}},
    ),
    Story("省煤器弯头焊缝渗漏", "省煤器", "SM-4T", "平安里供热站", "qf_investigate.UT_accept", 0.9, 3),
    Story(
        "燃烧器回火，操作工手臂灼伤",
        "燃气燃烧器",
        "RS-190",
        "新港化工有限公司",
        "UT_gm",
        0.9,
        2.5,
        answers=MAJOR,
    ),
    Story("液位变送器漂移，锅炉频繁缺水停机", "液位变送器", "LT-3051", "长丰啤酒厂", "UT_analyse", 1.3, 3.3),
    Story(
        "水处理树脂破碎，出水硬度超标",
        "软水器",
        "RS-8T",
        "云岭酒店管理公司",
        "UT_not_ours",
        2.2,
        5.8,
        answers={
            "UT_analyse": {
                "facts": "树脂铭牌与发货记录不符，系客户另行采购更换。",
                "cause_direct": "树脂强度不足。",
                "cause_root": "客户自行更换了非本公司供应的树脂。",
                "ours": "否",
                "not_ours_reason": "批号不在我公司发货记录内，供方确认非其产品。",
            }
        },
    ),
    Story("炉门密封绳脱落", "蒸汽锅炉", "WNS6-1.6", "大通木业有限公司", "UT_countersign", 2.6, 5.6),
    Story(
        "鼓风机叶轮振动超标",
        "鼓风机",
        "G4-68",
        "阳光橡胶制品厂",
        "UT_approve_plan",
        6,
        2,
        answers={
            "UT_triage": {"safety_critical": True, "prelim_cause": "设计"},
            "qf_investigate.UT_accept": {"containment": "限速运行，每班测振。"},
            "UT_plan": {"cost_est": 58000},
        },
    ),
    Story(
        "分汽缸压力表指示偏低",
        "压力表",
        "Y-150",
        "百禾饲料有限公司",
        "UT_do",
        10,
        2.4,
        answers={
            "UT_plan": {
                "actions": actions(
                    ("召回同批压力表复检", "纠正", "jiang.wei", 3),
                    ("增加入库抽检比例至百分之二十", "预防", "zhu.lin", 9),
                )
            },
            "UT_breakdown": {
                "actions": actions(
                    ("召回同批压力表复检", "纠正", "jiang.wei", 3),
                    ("增加入库抽检比例至百分之二十", "预防", "zhu.lin", 9),
                )
            },
        },
    ),
    Story("给水止回阀关闭不严，停泵倒流", "止回阀", "H44H-25", "合众印染有限公司", "UT_verify", 24, 6.2),
    Story(
        "引风机轴承异响，整改后复发",
        "引风机",
        "Y5-47",
        "银川路供热公司",
        "UT_reply",
        40,
        6.6,
    ),
)
