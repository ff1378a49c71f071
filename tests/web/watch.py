"""What no page of ours may do, watched while a test clicks: ask another host, complain, break."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

OWN_SCHEMES = {"data", "blob", "about"}
OF_THE_LIBRARY = "is deprecated and will be removed in future library versions"  # the modeler, of itself


class Watch:
    """Listens to every page of a browser context; `faults` are in the order in which they happened."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.faults: list[str] = []
        self._host = urlsplit(url).netloc
        self._refusals: set[str] = set()
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", self._error)

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in OWN_SCHEMES and parts.netloc != self._host:
            self.faults.append(f"asks another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status} at {response.url}")
        elif response.status == 409 or (response.status >= 400 and response.request.is_navigation_request()):
            self._refusals.add(response.url)  # the page says so, and Chromium reports it, too

    def _console(self, message: ConsoleMessage) -> None:
        address = message.location["url"]  # none for what the test itself runs in the page, as axe
        refused = address in self._refusals and "Failed to load resource" in message.text
        if OF_THE_LIBRARY in message.text:
            return
        if address and message.type in ("error", "warning") and not refused:
            self.faults.append(f"console {message.type}: {message.text} ({address})")

    def _error(self, error: WebError) -> None:
        self.faults.append(f"script error: {error.error}")
