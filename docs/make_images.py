"""Make the pictures of docs/images from the demo study: needs LibreOffice, Chromium and pdftoppm.

Run it from the project's root: `python docs/make_images.py`. The pictures show what a client gets:
the page in a browser, sheets of the report workbook and a questionnaire as they print.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from evaluator.demo import make
from evaluator.study import Study

IMAGES = Path(__file__).parent / "images"
CHROMIUM = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
            "--hide-scrollbars", "--virtual-time-budget=10000"]  # fmt: skip


def run(*command: object) -> None:
    """Run a program that must succeed."""
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


def picture_of_page(page: Path, name: str, scratch: Path, *, height: int) -> None:
    """Show the page as a browser window of 1280 pixels."""
    run(*CHROMIUM, f"--user-data-dir={scratch / name}", f"--window-size=1280,{height}",
        f"--screenshot={IMAGES / f'{name}.png'}", page.as_uri())  # fmt: skip


def pictures_of_workbook(book: Path, pages: dict[int, str], scratch: Path) -> None:
    """Print a workbook and keep some of its pages as pictures."""
    run("soffice", f"-env:UserInstallation={(scratch / 'office').as_uri()}", "--headless",
        "--convert-to", "pdf", "--outdir", scratch, book)  # fmt: skip
    for number, name in pages.items():
        run("pdftoppm", "-r", 80, "-f", number, "-l", number, "-png", "-singlefile",
            scratch / f"{book.stem}.pdf", IMAGES / name)  # fmt: skip


def main() -> None:
    """Make every picture in both languages."""
    IMAGES.mkdir(exist_ok=True)
    for language in ("zh", "en"):
        with tempfile.TemporaryDirectory() as folder:
            scratch = Path(folder)
            make(scratch / "demo", language=language)
            study = Study(scratch / "demo")
            page, book = study.save_reports()
            picture_of_page(page, f"page-{language}", scratch, height=1000)
            pictures_of_workbook(book, {2: f"workbook-{language}"}, scratch)
            asked = next((scratch / "demo" / "questionnaires").glob("E6*.xlsx"))  # who contradicts himself
            pages = {1: f"questionnaire-cover-{language}", 7: f"questionnaire-{language}"}
            pictures_of_workbook(asked, pages, scratch)
            print(language, "done", file=sys.stderr)


if __name__ == "__main__":
    main()
