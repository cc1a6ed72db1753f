/* The list of customers: chosen by words and figures, sorted by any column, drawn row by row as it is scrolled. */
page.list = (() => {
  const { texts, element, filled } = page.frame;
  const { fixed } = page.numbers;
  const { list, size, columns, name, rank, link, written, said, places, nothing, read, hash, fits, select, sorting } = page.customers;

  const place = document.getElementById("customer-list");
  if (!place || !size) return { show: () => {}, chosen: nothing };

  const MARGIN = 12;  // rows drawn above and below those in view
  let chosen = nothing();
  let found = [];

  const heads = [
    { key: "rank", title: texts["list.rank"], figure: true, text: (row) => rank(row) === null ? "–" : fixed(rank(row), 0) },
    { key: "name", title: texts["list.name"] },
    ...(list.names.some((one) => one !== null) ? [{ key: "id", title: texts["list.id"], text: (row) => list.ids[row] }] : []),
    ...[...columns.values()].filter((column) => column.shown !== false).map((column) => ({
      key: column.key, title: column.title, figure: column.kind !== "text", text: (row) => written(column, row),
    })),
  ];
  const filters = [...columns.values()].filter((column) => column.filters);

  /* What stands above the table. */
  const search = element("input", { type: "search", placeholder: texts["list.search"], "aria-label": texts["list.search"] });
  const choices = element("div", { class: "choices" });
  const chips = element("p", { class: "chips" });
  const count = element("p", { class: "count", role: "status" });
  const save = element("button", { type: "button" }, texts["list.csv"]);
  const saved = element("div", { class: "saved" });

  /* The table: its head stays; two rows that nobody reads hold the room of those not drawn. */
  const buttons = heads.map((head) => element("button", { type: "button" }, head.title));
  const cells = heads.map((head, at) => element("th", { scope: "col", class: `${head.figure ? "n " : ""}of-${head.key}`, "aria-colindex": at + 1 }, buttons[at]));
  const body = element("tbody");
  const table = element("table", { class: "customers", "aria-label": texts["list.table"], "aria-colcount": heads.length },
    element("thead", {}, element("tr", { "aria-rowindex": 1 }, ...cells)), body);
  const port = element("div", { class: "port", tabindex: "0", role: "region", "aria-label": texts["list.table"] }, table);
  const none = element("p", { class: "none", hidden: "" });
  if (size > 1) place.append(element("div", { class: "tools" }, search, choices, save), chips, count);
  place.append(port, none, saved);

  const cell = (head, row) => {
    const class_ = `${head.figure ? "n " : ""}of-${head.key}`;
    if (head.key === "name") {
      return element("th", { scope: "row", class: class_ },
        element("a", { href: link(row), "data-customer": row, title: name(row) }, name(row)));
    }
    if (head.key === "grade" && rank(row) === null) return element("td", { class: class_ }, said("status", row));
    const text = head.key === "action" && rank(row) === null ? said("reason", row) : head.text(row);
    const mark = head.key === "grade" && said("capped", row);
    return element("td", { class: class_, title: head.figure ? null : text },
      element("span", { class: "held" }, text), mark ? element("span", { class: "capped", title: mark }, " ▾") : null);
  };
  const line = (at) => element("tr", { "aria-rowindex": at + 2, "data-at": at }, ...heads.map((head) => cell(head, found[at])));
  const room = (rows) => rows > 0 ? [element("tr", { class: "room", "aria-hidden": "true", style: `height:${rows * height}px` })] : [];

  let height = 36;
  let drawn = [0, 0];
  const draw = (force) => {
    const inView = Math.ceil(port.clientHeight / height) || 20;
    const top = Math.floor(port.scrollTop / height);
    const from = Math.max(0, Math.min(top, found.length - inView) - MARGIN);
    const to = Math.min(found.length, top + inView + MARGIN);
    if (!force && from === drawn[0] && to === drawn[1]) return;
    const focused = document.activeElement?.closest?.(".port tr[data-at]")?.dataset.at;
    drawn = [from, to];
    const lines = [];
    for (let at = from; at < to; at += 1) lines.push(line(at));
    body.replaceChildren(...room(from), ...lines, ...room(found.length - to));
    if (lines[0]?.offsetHeight > 8 && lines[0].offsetHeight !== height) {
      height = lines[0].offsetHeight;
      return draw(true);
    }
    if (focused !== undefined) body.querySelector(`tr[data-at="${focused}"] a`)?.focus({ preventScroll: true });
  };
  const reach = (at) => {  // puts the keyboard on the name in a row, wherever it is
    const to = Math.max(0, Math.min(found.length - 1, at));
    const head = table.tHead.offsetHeight;
    const [top, end] = [to * height, (to + 1) * height + head];
    if (top < port.scrollTop) port.scrollTop = top;
    else if (end > port.scrollTop + port.clientHeight) port.scrollTop = end - port.clientHeight;
    draw(false);
    body.querySelector(`tr[data-at="${to}"] a`)?.focus({ preventScroll: true });
  };
  body.addEventListener("keydown", (event) => {
    const at = Number(event.target.closest("tr[data-at]")?.dataset.at);
    const page_ = Math.max(1, Math.floor(port.clientHeight / height) - 2);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page_, PageUp: at - page_, Home: 0, End: found.length - 1 }[event.key];
    if (Number.isNaN(at) || to === undefined) return;
    event.preventDefault();
    reach(to);
  });
  port.addEventListener("scroll", () => draw(false), { passive: true });
  new ResizeObserver(() => draw(true)).observe(port);

  /* The words of a column to choose from, each with how many the rest of the choice leaves. */
  const choice = (column) => {
    const told = element("b");
    const options = element("fieldset", {}, element("legend", { class: "unseen" }, column.title));
    const boxes = column.words.map(([, title], word) => {
      const box = element("input", { type: "checkbox" });
      const number = element("small");
      options.append(element("label", {}, box, ` ${title} `, number));
      box.addEventListener("change", () => {
        const held = chosen.words.get(column.key) ?? new Set();
        if (box.checked) held.add(word); else held.delete(word);
        chosen.words.set(column.key, held);
        told_(true);
      });
      return [box, number];
    });
    const fold = element("details", { class: "choice" }, element("summary", {}, column.title, told), options);
    fold.addEventListener("toggle", () => {
      if (!fold.open) return;
      for (const other of choices.querySelectorAll("details[open]")) if (other !== fold) other.open = false;
      tally();
    });
    fold.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      fold.open = false;
      fold.querySelector("summary").focus();
    });
    const tally = () => {
      const counts = new Array(column.words.length).fill(0);
      const test = fits(chosen, column.key);
      for (let row = 0; row < size; row += 1) if (test(row)) for (const word of places(column, row)) counts[word] += 1;
      boxes.forEach(([, number], word) => { number.textContent = fixed(counts[word], 0); });
    };
    const update = () => {
      const held = chosen.words.get(column.key);
      boxes.forEach(([box], word) => { box.checked = held?.has(word) ?? false; });
      told.textContent = held?.size ? ` ${held.size}` : "";
      if (fold.open) tally();
    };
    choices.append(fold);
    return update;
  };
  const updates = filters.map(choice);
  document.addEventListener("click", (event) => {
    for (const fold of choices.querySelectorAll("details[open]")) if (!fold.contains(event.target)) fold.open = false;
  });

  const chip = (title, drop) => {
    const button = element("button", { type: "button", "aria-label": filled(texts["list.drop"], { what: title }) }, `${title} ×`);
    button.addEventListener("click", () => { drop(); told_(true); search.focus(); });
    return button;
  };
  const label = () => {
    const told = [];
    for (const [key, held] of chosen.words) {
      const column = columns.get(key);
      for (const word of held) {
        told.push(chip(`${column.title}: ${column.words[word]?.[1] ?? texts["list.unknown"]}`, () => held.delete(word)));
      }
    }
    for (const [key, [from, to]] of chosen.ranges) {
      const ends = [from, to].map((end) => Number.isFinite(end) ? fixed(end, 1) : "…").join("–");
      told.push(chip(`${columns.get(key).title}: ${ends}`, () => chosen.ranges.delete(key)));
    }
    if (told.length > 1) {
      const all = element("button", { type: "button", class: "all-chips" }, texts["list.everybody"]);
      all.addEventListener("click", () => { chosen = { ...nothing(), sort: chosen.sort }; told_(true); search.focus(); });
      told.push(all);
    }
    chips.replaceChildren(...told);
  };

  /* Show what is chosen; what the reader chose here goes into the hash. */
  const told_ = (here) => {
    found = select(chosen);
    const narrowed = found.length < size;
    count.textContent = filled(texts[narrowed ? "list.some" : "list.all"], { count: fixed(found.length, 0), all: fixed(size, 0) })
      + (list.left ? ` ${filled(texts["list.left"], { count: fixed(list.left, 0) })}` : "");
    none.hidden = found.length > 0;
    none.textContent = texts["list.none"] + (list.left ? ` ${filled(texts["list.left"], { count: fixed(list.left, 0) })}` : "");
    port.hidden = found.length === 0;
    table.setAttribute("aria-rowcount", String(found.length + 1));
    const sort = sorting(chosen);
    const [key, down] = sort.startsWith("-") ? [sort.slice(1), true] : [sort, false];
    if (key === "turn") {
      const [place] = chosen.words.get("action");
      const order = list.orders[columns.get("action").words[place][0]];
      count.textContent = filled(texts["list.ordered"], { count: count.textContent, order });
    }
    heads.forEach((head, at) => {
      if (head.key === key) cells[at].setAttribute("aria-sort", down ? "descending" : "ascending");
      else cells[at].removeAttribute("aria-sort");
    });
    label();
    for (const update of updates) update();
    saved.replaceChildren();
    port.scrollTop = 0;
    draw(true);
    if (here) window.history.replaceState(null, "", hash(chosen));
  };
  heads.forEach((head, at) => buttons[at].addEventListener("click", () => {
    const first = head.figure && head.key !== "rank" ? `-${head.key}` : head.key;
    const now = sorting(chosen);
    chosen.sort = now === first ? (first.startsWith("-") ? head.key : `-${head.key}`) : first;
    told_(true);
    buttons[at].focus();
  }));
  let waiting = 0;
  search.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => { chosen.q = search.value; told_(true); }, 60);
  });

  /* The chosen as a file: rank, id, name, then every column, figures as figures. */
  save.addEventListener("click", () => {
    const all = [...columns.values()];
    const titles = [texts["list.rank"], texts["list.id"], texts["list.name"], ...all.map((column) => column.title)];
    const rows = found.map((row) => [rank(row), list.ids[row], name(row),
      ...all.map((column) => column.kind === "text" ? written(column, row) : column.values[row])]);
    page.csv.offer(texts["list.file"], page.csv.text(titles, rows), saved);
  });

  /* Paper shows the first rows of what is chosen; where nothing is, those to act on, as they stand there already. */
  const printed = document.getElementById("printed-list");
  const note = document.getElementById("printed-note");
  const [standing, stands] = [[...printed.tBodies[0].children], note.textContent];
  window.addEventListener("beforeprint", () => {
    if (list.acting.length && found.length === size && !chosen.sort) {
      printed.tBodies[0].replaceChildren(...standing);
      note.textContent = stands;
      return;
    }
    const first = found.slice(0, Number(printed.dataset.rows));
    printed.tBodies[0].replaceChildren(...first.map((row) => element("tr", {}, ...heads.map((head) => cell(head, row)))));
    note.textContent = found.length > first.length ? filled(texts["list.printed"], { shown: fixed(first.length, 0), count: fixed(found.length, 0) }) : "";
  });

  const show = (wanted) => {
    chosen = wanted;
    search.value = chosen.q;
    told_(false);
  };
  const follow = () => { if (/^#list(\?|$)/.test(window.location.hash)) show(read(window.location.hash)); };
  show(nothing());
  window.addEventListener("hashchange", follow);
  follow();

  return { show, chosen: () => chosen };
})();
