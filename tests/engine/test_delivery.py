"""Mail and webhooks leave over real connections to servers on this machine; every refusal says its cause."""

import base64
import hashlib
import hmac
import socket
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from engine.commands.delivery import Services, deliver_mail, deliver_webhook
from engine.errors import DeliveryFailed
from tests.engine.listening import Postbox, Robot, letting_in, postbox, robot

FACTS = {
    "number": "QF-2026-000007", "step": "调查\n原因", "step_en": "Investigate", "process": "质量反馈",
    "process_en": "Quality feedback", "due": "2026-11-24T01:00:00+00:00", "link": "/tasks/t1",
}  # fmt: skip
TEXT = "流程：质量反馈\n期限：2026-11-24 09:00（北京时间）\nhttps://qf.example/tasks/t1"


def notice(to: str, language: str = "zh", **more: object) -> dict[str, object]:
    """What a job carries."""
    return {"to": to, "kind": "task", "facts": FACTS, "language": language, **more}


@pytest.fixture
def box() -> Iterator[Postbox]:
    """A mail server."""
    with postbox() as opened:
        yield opened


@pytest.fixture
def wall() -> Iterator[Robot]:
    """A server on which group robots live."""
    with robot() as opened:
        yield opened


def by_mail(url: str) -> Services:
    """Services with a mail server."""
    return Services(url, "质环 <zhihuan@example.com>", "https://qf.example")


def by_robot(wall: Robot) -> Services:
    """Services that may call the robots' server."""
    return Services("", base_url="https://qf.example", webhook_hosts=frozenset({wall.origin}))


def refusal_of_mail(url: str) -> str:
    """Why a mail cannot be delivered."""
    with pytest.raises(DeliveryFailed) as refused:
        deliver_mail(by_mail(url), "job-1", notice("li.na@example.com"))
    assert refused.value.to == "li.na@example.com"
    assert refused.value.message("zh").startswith("无法送达")
    return refused.value.cause


def refusal(services: Services, address: str, channel: str = "wecom") -> str:
    """Why a webhook cannot be delivered."""
    with pytest.raises(DeliveryFailed) as refused:
        deliver_webhook(services, "job-1", notice(address, channel=channel))
    assert address not in refused.value.message("zh") + refused.value.message("en")
    return refused.value.cause


def test_a_mail_says_number_step_process_due_time_and_link(box: Postbox) -> None:
    deliver_mail(by_mail(box.url), "job-1", notice("li.na@example.com"))
    (mail,) = box.mails
    assert (mail["To"], mail["From"]) == ("li.na@example.com", "质环 <zhihuan@example.com>")
    assert mail["Subject"] == "QF-2026-000007 待办：调查 原因"
    assert mail.get_content().splitlines() == TEXT.splitlines()


def test_a_mail_speaks_english_to_whoever_chose_english(box: Postbox) -> None:
    deliver_mail(by_mail(box.url), "job-1", notice("li.na@example.com", "en"))
    (mail,) = box.mails
    assert mail["Subject"] == "QF-2026-000007 to do: Investigate"
    lines = ["Process: Quality feedback", "Due: 2026-11-24 09:00 (Beijing time)"]
    assert mail.get_content().splitlines()[:2] == lines


def test_a_mail_that_is_sent_again_has_the_same_message_id(box: Postbox) -> None:
    for _ in range(2):
        deliver_mail(by_mail(box.url), "job-1", notice("li.na@example.com"))
    assert [mail["Message-ID"] for mail in box.mails] == ["<job-1@example.com>"] * 2
    assert {mail["Auto-Submitted"] for mail in box.mails} == {"auto-generated"}


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_mail_server_may_ask_for_a_name_and_a_password() -> None:
    with postbox(**letting_in("zhihuan", "p@ss word")) as box:
        deliver_mail(
            by_mail(f"smtp://zhihuan:p%40ss%20word@127.0.0.1:{box.port}"), "job-1", notice("a@example.com")
        )
        assert len(box.mails) == 1
        wrong = refusal_of_mail(f"smtp://zhihuan:wrong-one@127.0.0.1:{box.port}")
        assert wrong.startswith("SMTP 535")
        assert "wrong-one" not in wrong
        assert "530" in refusal_of_mail(box.url)


def test_a_mail_server_that_refuses_is_the_cause(box: Postbox) -> None:
    box.answer = "554 5.7.1 no"
    assert refusal_of_mail(box.url) == "SMTP 554 5.7.1 no"


def test_a_mail_server_that_is_not_there_is_the_cause() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = taken.getsockname()[1]
    assert "refused" in refusal_of_mail(f"smtp://127.0.0.1:{free}")
    assert refusal_of_mail("") == "no mail server is set"


def test_encryption_that_was_asked_for_is_not_given_up(box: Postbox) -> None:
    """A server that cannot encrypt gets no mail from a client that was told to."""
    assert "STARTTLS" in refusal_of_mail(box.url.replace("smtp:", "smtp+starttls:"))
    assert refusal_of_mail(box.url.replace("smtp:", "smtps:")).startswith("SSL")
    assert box.mails == []


@pytest.mark.parametrize("channel", ["wecom", "dingtalk"])
def test_wecom_and_dingtalk_are_sent_a_text(wall: Robot, channel: str) -> None:
    deliver_webhook(by_robot(wall), "job-1", notice(wall.address(), channel=channel))
    ((path, headers, body),) = wall.posts
    assert path == "/robot/send?access_token=x"
    assert headers["X-Idempotency-Key"] == "job-1"
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    words = f"【质环】QF-2026-000007 待办：调查 原因\n{TEXT}"
    assert body == {"msgtype": "text", "text": {"content": words}}


def test_feishu_is_sent_a_text_of_its_shape(wall: Robot) -> None:
    deliver_webhook(by_robot(wall), "job-1", notice(wall.address(), "en", channel="feishu"))
    ((_, _, body),) = wall.posts
    assert body["msg_type"] == "text"
    assert body["content"]["text"].startswith("[Zhihuan] QF-2026-000007 to do: Investigate\nProcess: ")


def test_dingtalk_is_signed_in_the_address(wall: Robot) -> None:
    """HMAC-SHA256 of `milliseconds\\nsecret`, keyed with the secret, in base64."""
    deliver_webhook(by_robot(wall), "job-1", notice(wall.address(), channel="dingtalk", secret="SECabc"))
    query = parse_qs(urlsplit(wall.posts[0][0]).query)
    (stamp,), (sign,) = query["timestamp"], query["sign"]
    assert abs(int(stamp) / 1000 - time.time()) < 60
    right = hmac.digest(b"SECabc", f"{stamp}\nSECabc".encode(), hashlib.sha256)
    assert (base64.b64decode(sign), query["access_token"]) == (right, ["x"])


def test_feishu_is_signed_in_the_body(wall: Robot) -> None:
    """HMAC-SHA256 of nothing, keyed with `seconds\\nsecret`, in base64."""
    deliver_webhook(by_robot(wall), "job-1", notice(wall.address(), channel="feishu", secret="abc"))
    body = wall.posts[0][2]
    assert abs(int(body["timestamp"]) - time.time()) < 60
    right = hmac.digest(f"{body['timestamp']}\nabc".encode(), b"", hashlib.sha256)
    assert base64.b64decode(body["sign"]) == right


@pytest.mark.parametrize(
    ("channel", "answer", "cause"),
    [
        ("wecom", b'{"errcode":93000,"errmsg":"invalid webhook url"}', "93000 invalid webhook url"),
        ("dingtalk", b'{"errcode":310000,"errmsg":"sign not match"}', "310000 sign not match"),
        ("feishu", b'{"code":19021,"msg":"sign match fail","data":{}}', "19021 sign match fail"),
        ("wecom", b"<html>please sign in to the network</html>", "the answer is no robot's"),
        ("dingtalk", b"{}", "the answer is no robot's"),
        ("feishu", b"[1]", "the answer is no robot's"),
    ],
)
def test_a_robot_that_says_no_with_status_200_has_refused(
    wall: Robot, channel: str, answer: bytes, cause: str
) -> None:
    wall.answer = answer
    assert refusal(by_robot(wall), wall.address(), channel) == cause


def test_a_status_that_is_no_success_is_the_cause(wall: Robot) -> None:
    wall.status = 503
    assert refusal(by_robot(wall), wall.address()) == "HTTP 503"


def test_no_redirect_is_followed(wall: Robot) -> None:
    wall.status, wall.headers = 302, {"Location": wall.address("/inside")}
    assert refusal(by_robot(wall), wall.address()) == "HTTP 302"
    assert [path for path, _, _ in wall.posts] == ["/robot/send?access_token=x"]


def test_only_listed_hosts_are_called(wall: Robot) -> None:
    assert "may not call 127.0.0.1" in refusal(Services(), wall.address())
    named = Services(webhook_hosts=frozenset({"127.0.0.1"}))  # a host alone means https
    assert "may not call 127.0.0.1" in refusal(named, wall.address())
    assert "https address" in refusal(by_robot(wall), "file:///etc/passwd")
    assert wall.posts == []


def test_services_come_from_the_environment() -> None:
    given = {
        "ZHIHUAN_SMTP_URL": "smtps://m.example", "ZHIHUAN_MAIL_FROM": "q@example.com",
        "ZHIHUAN_BASE_URL": "https://qf.example/", "ZHIHUAN_WEBHOOK_HOSTS": "a.example, http://b:8080",
    }  # fmt: skip
    services = Services.from_environment(given)
    assert (services.smtp_url, services.mail_from) == ("smtps://m.example", "q@example.com")
    assert services.base_url == "https://qf.example"
    assert services.webhook_hosts == Services().webhook_hosts | {"a.example", "http://b:8080"}
    assert Services.from_environment({}) == Services()
