"""Who works in the demo organisation: at least one person for each group of the regulations."""

from dataclasses import dataclass

PASSWORD = "zhihuan-demo"  # noqa: S105 - printed on purpose; production refuses to start while these people exist


@dataclass(frozen=True)
class Colleague:
    """One demo person.

    `person_id` is the sign-in name, `group` the role that the person is there for; everybody is `staff` too.
    """

    person_id: str
    name: str
    group: str

    @property
    def groups(self) -> frozenset[str]:
        """The groups the person belongs to; the administrator has no business data and is no staff."""
        return frozenset({self.group}) if self.group == "admin" else frozenset({self.group, "staff"})


COLLEAGUES = tuple(
    Colleague(*row)
    for row in (
        ("zhou.xiao", "周晓", "staff"),
        ("wang.fang", "王芳", "cs"),
        ("liu.yang", "刘洋", "cs"),
        ("chen.jing", "陈静", "cs_lead"),
        ("zhao.lei", "赵磊", "sales"),
        ("sun.yue", "孙悦", "mkt"),
        ("li.ming", "李明", "qa"),
        ("zheng.tao", "郑涛", "qa"),
        ("wu.min", "吴敏", "qa_lead"),
        ("feng.li", "冯丽", "tqo"),
        ("chu.qiang", "褚强", "qmc"),
        ("jiang.wei", "蒋伟", "dept"),
        ("shen.hao", "沈浩", "dept"),
        ("han.mei", "韩梅", "dept_head"),
        ("yang.fan", "杨帆", "rd_head"),
        ("zhu.lin", "朱琳", "purch"),
        ("qin.feng", "秦峰", "insp"),
        ("xu.nuo", "许诺", "wh"),
        ("he.jie", "何洁", "fin"),
        ("lv.chao", "吕超", "fse"),
        ("shi.zhan", "施展", "service"),
        ("zhang.jianguo", "张建国", "vp"),
        ("kong.deming", "孔德明", "gm"),
        ("cao.peng", "曹鹏", "exec"),
        ("yan.dong", "严冬", "mgmt"),
        ("hua.yun", "华云", "archive"),
        ("jin.jing", "金晶", "hr"),
        ("wei.lai", "魏来", "it"),
        ("tao.ran", "陶然", "compliance"),
        ("jiang.bo", "姜波", "owner"),
        ("gu.yan", "古岩", "owner"),  # what one owner submits the other approves
        ("xie.ning", "谢宁", "admin"),
    )
)
