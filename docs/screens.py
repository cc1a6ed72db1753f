"""Pictures of forms by link: a small study is served on this computer, answered, voted on and photographed.

`python docs/make_images.py screens` calls it; it needs Chromium, and Playwright to drive it.
"""

import json
import re
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import uvicorn
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from evaluator.forms import write_forms
from evaluator.forms.form import Form
from evaluator.forms.page_answers import LEVELS
from evaluator.serve.app import application, open_server
from evaluator.serve.rounds import nearest_place
from evaluator.serve.server import Server
from evaluator.study import Study
from evaluator.weighing import Panel

PHONE, DESK = (360, 740), (1280, 720)
KINDS = ("pairwise", "scores")
COLOURS = 256
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
Answers = Mapping[str, list[list[str]]]


@contextmanager
def served(study: Study) -> Iterator[Server]:
    """Serve a study at a free port of this computer until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        server = open_server(study, origin=f"http://127.0.0.1:{sock.getsockname()[1]}", kinds=KINDS)
        running = uvicorn.Server(uvicorn.Config(application(server), log_level="warning", lifespan="off"))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [sock]})
        thread.start()
        while not running.started:
            time.sleep(0.01)
        try:
            yield server
        finally:
            running.should_exit = True
            thread.join(20)
            server.store.close()


class Camera:
    """Windows of a browser; what they show is kept as ``serve-NAME-LANGUAGE.png``."""

    def __init__(self, browser: Browser, folder: Path, language: str) -> None:
        self.browser, self.folder, self.language = browser, folder, language

    def window(self, address: str, size: tuple[int, int], **more: object) -> Page:
        """Open an address on a device of its own."""
        width, height = size
        scale = 2 if size == PHONE else 1
        context = self.browser.new_context(viewport={"width": width, "height": height},
                                           device_scale_factor=scale, locale=LOCALES[self.language],
                                           **more)  # fmt: skip
        page = context.new_page()
        page.goto(address)
        return page

    def keep(self, page: Page, name: str, *, whole: bool = False) -> None:
        """Keep what a window shows, in few colours; `whole` with what one has to scroll to."""
        path = self.folder / f"serve-{name}-{self.language}.png"
        page.screenshot(path=path, full_page=whole)
        with Image.open(path) as shown:
            shown.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def link(server: Server, person: str) -> str:
    """Return the address of a person."""
    return server.address(server.links()[person])


def answers_of(panel: Panel) -> Answers:
    """Return what each expert of a panel has said, on the levels of the form."""
    found: dict[str, list[list[str]]] = {}
    for one in panel.judgments:
        found.setdefault(one.expert, []).append(
            [one.group, one.a, one.b, LEVELS[nearest_place(one.value) + 1]]
        )
    return found


def save(server: Server, person: str, answers: list[list[str]], *, final: bool) -> None:
    """Keep answers in pairs, as the page of the form does."""
    with httpx.Client(base_url=server.origin, follow_redirects=True, trust_env=False, timeout=60) as client:
        client.get(link(server, person))
        form = next(one for one in server.forms_of(person) if one.kind == "pairwise")
        page = client.get(f"/form/{form.key}").text
        told = json.loads(re.search(r'id="form-data">(.*?)</script>', page)[1])["server"]
        body = {"line": told["line"], "version": told["version"], "final": final, "answers": answers,
                "remarks": {}}  # fmt: skip
        client.post(told["save"], json=body, headers={"X-Form-Token": told["token"]}).raise_for_status()


def screens(study: Study, forms: Mapping[str, Form], folder: Path, language: str) -> None:
    """Keep a picture of every screen, and of forms as pages on a phone."""
    said = answers_of(study.panel)
    for path in (study.folder / "questionnaires").iterdir():
        path.unlink()
    with ExitStack() as ends:
        playwright = ends.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        ends.callback(browser.close)
        server = ends.enter_context(served(Study(study.folder)))
        camera = Camera(browser, folder, language)
        pages(forms, camera)
        asked(server, camera, said)
        board(server, camera, said)
        voted(server, camera)


def pages(forms: Mapping[str, Form], camera: Camera) -> None:
    """Forms as the page that is sent to a person; of best and worst the two are marked."""
    with TemporaryDirectory() as folder:
        for kind, form in forms.items():
            [sent] = write_forms([form], folder, carrier="page")
            page = camera.window(sent.path.as_uri(), PHONE)
            if kind == "best_worst":
                for place in (0, 1):
                    page.locator(".marks select").nth(place).select_option(index=1 + 4 * place)
                page.locator(".marks label").first.evaluate("label => label.scrollIntoView()")
            camera.keep(page, f"page_{kind}")


def asked(server: Server, camera: Camera, said: Answers) -> None:
    """What a person sees: the link, the form, the list, and that it has arrived."""
    page = camera.window(link(server, "E1"), PHONE)
    camera.keep(page, "forms")
    page.locator(".forms a").first.click()
    save(server, "E1", said["E1"][:20], final=False)
    page.reload()
    page.locator(".side").first.click()
    camera.keep(page, "form", whole=True)
    page.locator("#list").click()
    camera.keep(page, "list")
    save(server, "E1", said["E1"], final=False)
    page.reload()
    page.locator("#save").click()
    page.locator("#kept.note").wait_for()
    camera.keep(page, "thanks")
    plain = camera.window(link(server, "E1"), PHONE, java_script_enabled=False)
    plain.locator(".forms a").first.click()
    plain.wait_for_url("**/plain/*")
    camera.keep(plain, "plain")
    lost = camera.window(f"{server.origin}/a/none", PHONE)
    camera.keep(lost, "lost")


def board(server: Server, camera: Camera, said: Answers) -> None:
    """What the consultant sees: who has answered, a person's link, the second round."""
    for person in ("E2", "E3", "E6"):
        save(server, person, said[person], final=True)
    save(server, "E4", said["E4"][:17], final=False)
    lead = camera.window(server.board_address, DESK)
    camera.keep(lead, "board", whole=True)
    camera.keep(camera.window(server.board_address, PHONE), "board_phone")
    lead.locator("tbody th a").nth(4).click()
    camera.keep(lead, "person", whole=True)
    lead.goto(f"{server.origin}/board/invitations")
    camera.keep(lead, "invitations")
    for person in ("E4", "E5", "E7"):
        save(server, person, said[person], final=True)
    lead.goto(f"{server.origin}/board")
    lead.locator(".menu summary").first.click()
    camera.keep(lead, "begin_round")
    lead.locator(".menu button").first.click()
    page = camera.window(link(server, "E2"), PHONE)
    page.locator(".forms a").first.click()
    camera.keep(page, "second_round", whole=True)


def voted(server: Server, camera: Camera) -> None:
    """A session in one room, on the big screen and on a phone."""
    lead = camera.window(server.board_address, DESK)
    lead.goto(f"{server.origin}/board/live")
    camera.keep(lead, "live_begin")
    lead.locator("input[name=count]").first.fill("2")
    lead.locator("button.main").first.click()
    camera.keep(lead, "live_asked")
    phones = [camera.window(link(server, f"E{number}"), PHONE) for number in range(1, 8)]
    camera.keep(phones[0], "live_phone")
    for phone, level in zip(phones, (4, 5, 6, 6, 7, 9, 11), strict=True):
        phone.locator("#slider").fill(str(level))
        phone.locator("#cast").click()
        phone.locator(".note").wait_for()
    lead.locator("button[value=show]").click()
    lead.locator(".votes").first.wait_for()
    camera.keep(lead, "live_shown", whole=True)
    phones[0].goto(f"{server.origin}/live")
    camera.keep(phones[0], "live_phone_shown")
    lead.locator("button[value=end]").click()
    lead.locator(".figures").first.wait_for()
    camera.keep(lead, "live_result", whole=True)
