/* Tables of blocks: folded to their first rows, sorted by any column, handed on as CSV.

   A cell of figures carries its value (data-value) beside what is read; order and CSV take the value. */
page.tables = (() => {
  const { data, texts, element, filled } = page.frame;
  const { fixed } = page.numbers;

  const numeric = (head) => head.dataset.sort === "number";
  const value = (cell) => cell.dataset.value ?? cell.textContent.trim();

  /* What is not known stands last, whichever way the rest is ordered. */
  const sorted = (rows, head, down) => {
    const collator = new Intl.Collator(data.language, { numeric: true });
    const keys = rows.map((row) => [value(row.cells[head.cellIndex]), row]);
    const compare = numeric(head) ? (a, b) => Number(a) - Number(b) : collator.compare;
    keys.sort(([a], [b]) => (a === "" || b === "") ? (a === "") - (b === "") : down ? compare(b, a) : compare(a, b));
    return keys.map(([, row]) => row);
  };

  const phone = window.matchMedia("(max-width: 640px)");
  const ON_PHONE = 5;  // rows, each a card there; as phone_rows of macros.html.j2

  const arrange = (table) => {
    const body = table.tBodies[0];
    const all = document.querySelector(`.all[data-table="${table.id}"]`);
    let everything = false;
    const show = () => {
      const first = Math.min(Number(table.dataset.first), phone.matches ? ON_PHONE : Infinity);
      [...body.rows].forEach((row, place) => { row.hidden = !everything && place >= first; });
      if (all) all.hidden = everything || body.rows.length <= first;
    };
    phone.addEventListener("change", show);
    const order = (head) => {
      const before = head.getAttribute("aria-sort");
      const down = before === "ascending" || (numeric(head) && before !== "descending");
      body.append(...sorted([...body.rows], head, down));
      for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      show();
    };
    for (const head of table.tHead.querySelectorAll("[data-sort]")) {
      const button = element("button", { type: "button", class: "sort" }, ...head.childNodes);
      button.addEventListener("click", () => order(head));
      head.replaceChildren(button);
    }
    if (all) all.addEventListener("click", () => { everything = true; show(); });
    show();
    if (body.rows.length > 1) save(table, all);
  };

  /* The rows that the page holds, in the order they stand in now, folded ones too. */
  const save = (table, all) => {
    const titled = table.caption ?? table.closest("section").querySelector("h2, h3");
    const named = `CSV: ${titled ? titled.textContent.trim() : table.id}`;
    const told = filled(texts.rows_as_csv, { count: fixed(table.tBodies[0].rows.length, 0) });
    const button = element("button", { type: "button", class: "csv", "aria-label": `${told} · ${named}` }, told);
    const place = element("div", { class: "saved screen" });
    button.addEventListener("click", () => {
      const heads = [...table.tHead.rows[0].cells].map((head) => head.textContent.trim());
      const rows = [...table.tBodies[0].rows].map((row) => [...row.cells].map(value));
      page.csv.offer(`${table.id}.csv`, page.csv.text(heads, rows), place);
    });
    const line = all ? all.parentElement : element("p", { class: "screen" });
    if (!all) (table.closest(".scroll") ?? table).after(line);
    line.classList.add("handed");
    line.append(button);
    line.after(place);
  };

  for (const table of document.querySelectorAll("table[data-first]")) arrange(table);

  return {};
})();
