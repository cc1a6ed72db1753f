/* Ids of customers in tables lead to their pages. */
page.links = (() => {
  const { texts, element } = page.frame;
  const { size, link, rowOf } = page.customers;

  const lead = (table) => {
    const head = [...(table.tHead?.rows[0]?.cells ?? [])].findIndex((cell) => cell.textContent.trim() === texts["list.id"]);
    if (head < 0 || table.classList.contains("customers")) return;
    for (const line of table.tBodies[0]?.rows ?? []) {
      const cell = line.cells[head];
      const row = cell && !cell.querySelector("a") ? rowOf(cell.textContent.trim()) : null;
      if (row !== null) cell.replaceChildren(element("a", { href: link(row), "data-customer": row }, cell.textContent.trim()));
    }
  };
  if (size) for (const table of document.querySelectorAll("main table")) lead(table);

  return {};
})();
