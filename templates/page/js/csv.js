/* A table as CSV. A spreadsheet takes a text that begins like a formula for one: it gets an apostrophe in
   front, as in every CSV file of ours (docs/security.md). */
page.csv = (() => {
  const { element, texts } = page.frame;

  const FORMULA = /^(?:[\u0000-\u0020]*[=+\-@＝＋－＠]|[\t\r\n'])/;
  const NUMBER = /^[+-]?[0-9]+(?:[.,][0-9]+)*(?:[eE][+-]?[0-9]+)?$/;
  const cell = (value) => {
    if (value === null || value === undefined) return "";
    if (typeof value === "number") return String(value);
    const told = FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(told) ? `"${told.replaceAll('"', '""')}"` : told;
  };
  const text = (heads, rows) => [heads, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";

  /* Offers a file; where a browser or its owner refuses files, the text stands below to be copied. */
  const offer = (file, written, place) => {
    const address = URL.createObjectURL(new Blob(["\ufeff", written], { type: "text/csv;charset=utf-8" }));
    const way = element("a", { href: address, download: file });
    document.body.append(way);
    way.click();
    way.remove();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
    const area = element("textarea", { readonly: "", rows: "6", "aria-label": texts["list.as_text"] });
    area.value = written;
    area.addEventListener("focus", () => area.select());
    place.replaceChildren(element("details", {}, element("summary", {}, texts["list.as_text"]), area));
  };

  return { text, offer };
})();
