/* The box that finds a customer from anywhere on the page: Ctrl-K, a part of the name or of the id. */
page.finder = (() => {
  const { texts, element, filled } = page.frame;
  const { fixed } = page.numbers;
  const { list, size, name, link, said, rank, nothing, select, hash } = page.customers;

  const place = document.getElementById("finder") ?? document.getElementById("customer-list");
  if (!place || size < 2) return {};  // one alone needs no search

  const MOST = 8;
  const options = element("ul", { id: "finder-options", role: "listbox", "aria-label": texts["list.title"], hidden: "" });
  const box = element("input", { type: "search", role: "combobox", "aria-expanded": "false", "aria-controls": "finder-options",
    "aria-autocomplete": "list", autocomplete: "off", placeholder: texts["list.find"], "aria-label": texts["list.find"],
    "aria-keyshortcuts": "Control+K Meta+K" });
  const told = element("p", { class: "unseen", role: "status" });
  place.prepend(element("div", { class: "finder" }, box, options, told));

  let places = [];
  let at = -1;
  const close = () => {
    options.hidden = true;
    at = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };
  const mark = (to) => {
    at = to;
    [...options.children].forEach((option, here) => option.setAttribute("aria-selected", String(here === at)));
    if (at >= 0) box.setAttribute("aria-activedescendant", options.children[at].id);
    else box.removeAttribute("aria-activedescendant");
  };
  const take = (to) => {
    const where = places[to];
    if (where === undefined) return;
    close();
    box.value = "";
    window.location.hash = where;
  };
  const option = (here, where, ...content) => {
    const made = element("li", { id: `finder-option-${here}`, role: "option", "aria-selected": "false" }, ...content);
    made.addEventListener("pointerdown", (event) => { event.preventDefault(); take(here); });
    places.push(where);
    return made;
  };
  const look = () => {
    const q = box.value.trim();
    if (!q) return close();
    const found = select({ ...nothing(), q });
    places = [];
    const lines = found.slice(0, MOST).map((row, here) => option(here, link(row), element("b", {}, name(row)),
      element("small", {}, [list.ids[row] === name(row) ? null : list.ids[row],
        rank(row) === null ? said("status", row) : `${texts["list.rank"]} ${fixed(rank(row), 0)}`,
        said("score", row), said("class", row), said("action", row)].filter((one) => one && one !== "–").join(" · "))));
    if (found.length > 1) {
      lines.push(option(lines.length, hash({ ...nothing(), q }), filled(texts["list.show_all"], { count: fixed(found.length, 0) })));
    }
    const nobody = texts["list.none"] + (list.left ? ` ${filled(texts["list.left"], { count: fixed(list.left, 0) })}` : "");
    if (!lines.length) lines.push(element("li", { role: "option", "aria-disabled": "true", "aria-selected": "false", id: "finder-option-0" }, nobody));
    options.replaceChildren(...lines);
    options.hidden = false;
    box.setAttribute("aria-expanded", "true");
    told.textContent = found.length ? filled(texts["list.some"], { count: fixed(found.length, 0), all: fixed(size, 0) }) : nobody;
    mark(found.length ? 0 : -1);
  };
  box.addEventListener("input", look);
  box.addEventListener("focus", () => { if (box.value) look(); });
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    const last = places.length - 1;
    if (event.key === "Escape") { close(); box.value = ""; }
    else if (event.key === "Enter") { event.preventDefault(); take(Math.max(0, at)); }
    else if (event.key === "ArrowDown" && !options.hidden) { event.preventDefault(); mark(at === last ? 0 : at + 1); }
    else if (event.key === "ArrowUp" && !options.hidden) { event.preventDefault(); mark(at <= 0 ? last : at - 1); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    box.focus();
    box.select();
  });

  return { box };
})();
