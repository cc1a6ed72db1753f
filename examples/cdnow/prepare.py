"""Write data/orders.csv from CDNOW_master.txt, whose columns are set apart by spaces.

Run it in the folder of the file: `python prepare.py`.
"""

import csv
from pathlib import Path

DATA = Path(__file__).parent / "data"


def main() -> None:
    """Copy line by line: customer, day, number of CDs, dollars."""
    with (
        open(DATA / "CDNOW_master.txt", encoding="ascii") as log,
        open(DATA / "orders.csv", "w", encoding="utf-8", newline="") as table,
    ):
        rows = csv.writer(table)
        rows.writerow(["id", "date", "quantity", "amount"])
        next(log)  # the header
        rows.writerows(cells for line in log if len(cells := line.split()) == 4)


if __name__ == "__main__":
    main()
