/* Long tables: first rows, search, order. */
page.tables = (() => {
  const { data, comparable } = page.frame;

  const arrange = (table) => {
    const body = table.tBodies[0];
    const first = Number(table.dataset.first);
    const find = document.querySelector(`.find[data-table="${table.id}"]`);
    const all = document.querySelector(`.all[data-table="${table.id}"]`);
    const none = document.querySelector(`.none[data-table="${table.id}"]`);
    const words = new Map([...body.rows].map((row) => [row, comparable(row.textContent)]));
    let everything = false;
    const show = () => {
      const sought = find ? comparable(find.value.trim()) : "";
      let fitting = 0;
      for (const row of body.rows) {
        const fits = !sought || words.get(row).includes(sought);
        if (fits) fitting += 1;
        row.hidden = !fits || (!everything && !sought && fitting > first);
      }
      if (none) none.hidden = fitting > 0;
      if (all) all.hidden = everything || Boolean(sought);
    };
    const order = (head) => {
      const column = head.cellIndex;
      const numeric = head.dataset.sort === "number";
      const down = head.getAttribute("aria-sort") === "ascending" ||
        (numeric && column > 0 && !head.hasAttribute("aria-sort"));
      const key = (row) => {
        const cell = row.cells[column];
        if (!numeric) return cell.textContent;
        const value = cell.dataset.value ?? cell.textContent;
        return value === "None" || value === "" ? -Infinity : Number(value);
      };
      const compare = numeric ? (a, b) => (a === b ? 0 : a - b)
        : new Intl.Collator(data.language, { numeric: true }).compare;
      const rows = [...body.rows].map((row) => [key(row), row]);
      rows.sort((a, b) => (down ? compare(b[0], a[0]) : compare(a[0], b[0])));
      body.append(...rows.map((entry) => entry[1]));
      for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      show();
    };
    for (const head of table.tHead.querySelectorAll("[data-sort]")) {
      head.tabIndex = 0;
      head.addEventListener("click", () => order(head));
      head.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); order(head); }
      });
    }
    if (find) find.addEventListener("input", show);
    if (all) all.addEventListener("click", () => { everything = true; show(); });
    show();
  };
  for (const table of document.querySelectorAll("table[data-first]")) arrange(table);

  return {};
})();
