"""Write data/orders.csv from CDNOW_sample.txt, whose columns are set apart by spaces.

Run it in the folder of the file: `python prepare.py`.
"""

import csv
from pathlib import Path

DATA = Path(__file__).parent / "data"


def main() -> None:
    """Copy line by line: number in the full log, customer, day, number of CDs, dollars."""
    with (
        open(DATA / "CDNOW_sample.txt", encoding="ascii") as log,
        open(DATA / "orders.csv", "w", encoding="utf-8", newline="") as table,
    ):
        rows = csv.writer(table)
        rows.writerow(["id", "date", "quantity", "amount"])
        rows.writerows(cells[1:] for line in log if len(cells := line.split()) == 5)


if __name__ == "__main__":
    main()
