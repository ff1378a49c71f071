"""The reasons against moving a case in words: Chinese, English."""

WORDING: dict[str, tuple[str, str]] = {
    "removed": (
        "案件正停在“{name}”，新版本没有这个元素。",
        "The case is at “{name}”, which the new version does not have.",
    ),
    "scope": (
        "“{name}”在新版本中移到了别的子流程，案件正停在它上面。",
        "The case is at “{name}”, which the new version has moved into or out of a subprocess.",
    ),
    "called": (
        "“{name}”正在运行的被调用流程或子流程，新版本不再调用。",
        "“{name}” runs a called process or subprocess that the new version does not call.",
    ),
    "kind": (
        "案件正停在“{name}”，新版本改变了它的类型。",
        "The case is at “{name}”, which is of another type in the new version.",
    ),
    "repetition": (
        "“{name}”正在多次执行，新版本改变了它的重复方式。",
        "“{name}” is being repeated, and the new version repeats it differently.",
    ),
    "inputs": (
        "“{name}”已带着旧版本的输入开始，新版本改变了这些输入。",
        "“{name}” has begun with inputs that the new version has changed.",
    ),
    "event": (
        "案件正等待“{name}”，新版本改变了它所等待的事件。",
        "The case waits at “{name}”, and the new version makes it wait for something else.",
    ),
    "boundary_added": (
        "新版本在正在办理的“{what}”上增加了边界事件“{name}”，它不会为已开始的任务启动。",
        "The new version adds the boundary event “{name}” to “{what}”, which has already begun without it.",
    ),
    "boundary_removed": (
        "新版本取消了正在办理的“{what}”上的边界事件“{name}”，而它正在等待。",
        "The new version removes the boundary event “{name}” from “{what}”, where it is waiting.",
    ),
    "join": (
        "已有分支在“{name}”等待汇合，新版本不再从那里接它进来。",
        "A branch waits to be joined at “{name}”, and the new version joins it there no more.",
    ),
    "split": (
        "案件已在“{name}”分出分支，新版本在那里分出的分支更多或更少。",
        "The case has split up at “{name}”, where the new version has more or fewer branches.",
    ),
    "base": (
        "各分支将以“{name}”为起点汇合数据，新版本没有这个元素或改变了它的类型。",
        "Branches that began at “{name}” are still to be joined, and the new version has no such element.",
    ),
    "branch": (
        "新版本中，到“{name}”时还应有“{what}”正在进行，而此案件已错过它。",
        "In the new version “{what}” would be under way beside “{name}”; this case has passed the point where"
        " it begins.",
    ),
    "unreachable": (
        "新版本的案件不会处于“{name}”这一状态，无法证明可以继续。",
        "No case of the new version can be at “{name}” as this one is, so nothing proves that it can go on.",
    ),
    "too_large": (
        "新版本太大，无法推演“{name}”所在的全部状态，不能证明可以继续。",
        "The new version is too large to be played through around “{name}”: it is not proven to go on.",
    ),
    "names": (
        "新版本要读取“{what}”，而案件已经过给出它的“{name}”，没有带着它。",
        "The new version reads “{what}”, which the case does not carry: it has passed “{name}”, where it is"
        " given.",
    ),
    "type": (
        "“{name}”已填写“{what}”，新版本要读取它，但改变了它的类型。",
        "“{name}” has been filled in with “{what}”, which the new version reads and takes as another type.",
    ),
    "clock_marks": (
        "案件已经过“{name}”，新版本在那里启动或停止的时限不同：{what}。",
        "The case has passed “{name}”, where the new version starts or stops other limits: {what}.",
    ),
    "clock_lost": (
        "时限“{what}”正在计时，“{name}”的新版本没有任何元素会停止它。",
        "The limit “{what}” is running, and nothing in the new version of “{name}” stops it.",
    ),
    "draft": (
        "“{name}”的草稿填有“{what}”，新版本的表单没有这个字段或改变了它的类型。",
        "The draft of “{name}” holds “{what}”, which the new form does not have or has changed the type of.",
    ),
    "topic": (
        "“{name}”已交给外部程序，新版本改变了它的主题或优先级。",
        "“{name}” has been offered to programs, and the new version changes its topic or priority.",
    ),
    "locked": (
        "外部程序正在办理“{name}”，请等它完成后再迁移。",
        "A program is working on “{name}”; move the case when it has finished.",
    ),
    "moves": (
        "试运行时，案件在新版本下会自行从“{name}”前进。",
        "In the dry run the case moved on by itself from “{name}”.",
    ),
    "fails": (
        "试运行时，“{name}”在新版本下无法继续：{what}",
        "In the dry run “{name}” could not go on under the new version: {what}",
    ),
    "ended": ("案件已经结束。", "The case has ended."),
    "elsewhere": (
        "案件已不在原版本上。",
        "The case is no longer on the version that it was to be moved from.",
    ),
}
