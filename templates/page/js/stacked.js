/* On a phone a table that is wider than its room becomes a card a row, each value under the heading of its column. */
page.stacked = (() => {
  const phone = window.matchMedia("(max-width: 640px)");

  const LONG = document.documentElement.lang.startsWith("zh") ? 11 : 22;  // letters that half a card holds

  /* Every cell is told its heading; what is not known takes no room on a card, and a long text all its width. */
  const tell = (table) => {
    const heads = [...table.tHead.rows[0].cells].map((head) => head.textContent.trim());
    for (const row of table.querySelectorAll("tbody > tr, tfoot > tr")) {
      [...row.cells].forEach((cell, place) => {
        const text = cell.textContent.trim();
        cell.dataset.head = heads[place];
        cell.classList.toggle("unknown", text === "" || text === "–");
        cell.classList.toggle("whole", text.length > LONG);
      });
    }
  };
  const fit = (frame) => {
    const table = frame.firstElementChild;
    table.classList.remove("stacked");
    if (!phone.matches || table.scrollWidth <= frame.clientWidth + 1) return;
    tell(table);
    table.classList.add("stacked");
  };

  const widths = new Map();
  const sized = new ResizeObserver((changes) => {
    for (const { target } of changes) {
      if (!target.clientWidth || widths.get(target) === target.clientWidth) continue;
      widths.set(target, target.clientWidth);
      fit(target);
    }
  });
  for (const table of document.querySelectorAll("main .scroll > table:not(.ledger, .ranks, .matrix, .trees)")) {
    if (table.tHead?.rows.length === 1 && !table.querySelector("[rowspan], [colspan]")) sized.observe(table.parentElement);
  }

  return {};
})();
