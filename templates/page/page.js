"use strict";
(() => {
  const root = document.documentElement;
  root.dataset.violations = "0";
  document.addEventListener("securitypolicyviolation", () => {
    root.dataset.violations = String(Number(root.dataset.violations) + 1);
  });

  const data = JSON.parse(document.getElementById("page-data").textContent);
  const texts = data.texts;

  /* Text only ever enters the page as text: nothing here writes HTML. */
  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined) made.setAttribute(key, value);
    }
    made.append(...children.filter((child) => child !== null && child !== undefined));
    return made;
  };

  /* ---- numbers, written as the rest of the page writes them ---- */
  const fixed = (value, digits) => value === null ? "–"
    : new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
  const percent = (value) => value === null ? "–" : `${fixed(value * 100, 1)}%`;
  const quantity = (value) => {
    if (value === null || typeof value === "string") return value === null ? "–" : value;
    const size = Math.abs(value);
    if (Number.isInteger(value) || size >= 1000) return fixed(value, 0);
    return fixed(value, size >= 10 ? 1 : size >= 1 ? 2 : 3);
  };
  const comparable = (text) => text.normalize("NFKC").toLowerCase();

  /* ---- charts ---- */
  const draw = async () => {
    let drawn = 0;
    for (const [id, spec] of Object.entries(data.charts)) {
      const place = document.getElementById(`chart-${id}`);
      try {
        await window.vegaEmbed(place, spec, { renderer: "svg", actions: false, ast: true });
        drawn += 1;
      } catch (error) {
        place.textContent = texts.failed;
        console.error(error);
      }
    }
    root.dataset.charts = String(drawn);
  };

  /* ---- everybody the ranking has no row for: the rest of it, and those not rated ---- */
  const directory = data.directory;
  const MOST_FOUND = 30;
  const entry = (place) => ({
    rank: directory.rank[place],
    id: directory.id[place],
    name: directory.name[place] ?? directory.id[place],
    score: directory.score[place],
    status: directory.status[place] === null ? "" : directory.statuses[directory.status[place]],
    grade: directory.grade[place] === null ? "" : directory.grades[directory.grade[place]],
    classes: directory.classes.map((places, matrix) =>
      places[place] === null ? "" : directory.classNames[matrix][places[place]]),
  });
  let everybody = null;
  const found = (sought) => {
    if (!directory || !sought) return [];
    everybody ??= directory.id.map((_, place) => {
      const one = entry(place);
      return comparable([one.name, one.id, one.grade, one.status, ...one.classes].join(" "));
    });
    const places = [];
    everybody.forEach((words, place) => { if (words.includes(sought)) places.push(place); });
    return places;
  };
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  /* ---- long tables: first rows, search, order ---- */
  const arrange = (table) => {
    const body = table.tBodies[0];
    const first = Number(table.dataset.first);
    const find = document.querySelector(`.find[data-table="${table.id}"]`);
    const all = document.querySelector(`.all[data-table="${table.id}"]`);
    const none = document.querySelector(`.none[data-table="${table.id}"]`);
    const words = new Map([...body.rows].map((row) => [row, comparable(row.textContent)]));
    const beyond = document.querySelector(`.beyond[data-table="${table.id}"]`);
    const further = (sought) => {
      if (!beyond) return 0;
      const places = found(sought);
      const rows = places.slice(0, MOST_FOUND).map(entry).map((one) => element("tr", {},
        element("td", { class: "n" }, one.rank === null ? "–" : fixed(one.rank, 0)),
        element("th", { scope: "row" }, one.name), element("td", { class: "id" }, one.id),
        element("td", { class: "n strong" }, fixed(one.score, 1)),
        element("td", {}, one.grade || one.status), ...one.classes.map((name) => element("td", {}, name))));
      const told = filled(texts.beyond, { count: fixed(places.length, 0) });
      const more = places.length > MOST_FOUND ? ` ${filled(texts.beyond_more, { shown: MOST_FOUND })}` : "";
      beyond.replaceChildren(...(rows.length ? [element("p", { class: "hint" }, told + more),
        element("div", { class: "scroll" }, element("table", { class: "ranking" }, element("tbody", {}, ...rows)))] : []));
      if (none && directory.left) none.textContent = filled(texts.not_held, { count: fixed(directory.left, 0) });
      return rows.length;
    };
    let everything = false;
    const show = () => {
      const sought = find ? comparable(find.value.trim()) : "";
      let fitting = 0;
      for (const row of body.rows) {
        const fits = !sought || words.get(row).includes(sought);
        if (fits) fitting += 1;
        row.hidden = !fits || (!everything && !sought && fitting > first);
      }
      const others = further(sought);
      if (none) none.hidden = fitting + others > 0;
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

  /* ---- cards ---- */
  const cards = data.cards;
  const line = (names, values, longest) => {
    const [measure, score, weight, points, flag] = values;
    const note = flag === 1 ? texts.clamped : null;
    const absent = score === null;
    const width = longest > 0 && points !== null ? Math.max(0, 100 * points / longest) : 0;
    const fill = element("i");
    fill.style.width = `${width}%`;
    return element("tr", absent ? { class: "missing" } : {},
      element("th", { scope: "row" }, names[0], note && element("span", { class: "flag" }, note)),
      element("td", { class: "n" }, measure === null ? texts.missing : quantity(measure),
        names[1] && measure !== null ? element("small", {}, ` ${names[1]}`) : null),
      element("td", { class: "n" }, fixed(score, 1)),
      element("td", { class: "n" }, percent(weight)),
      element("td", { class: "n points" }, fixed(points, 2), element("span", { class: "bar" }, fill)));
  };
  const memberships = ([told, values]) => element("figure", { class: "memberships" },
    element("figcaption", {}, told),
    element("dl", { "aria-label": texts.memberships }, ...values.map((value, place) => {
      const fill = element("i");
      fill.style.width = `${100 * (value ?? 0)}%`;
      return element("div", {}, element("dt", {}, cards.grades[place]), element("dd", {}, percent(value), element("span", { class: "bar" }, fill)));
    })));
  const card = (index) => {
    const [rank, id, name, score, grade, coverage, classes, branches, values, also = {}] = cards.rows[index];
    const longest = Math.max(0, ...values.map((value) => value[3] ?? 0));
    const body = element("tbody");
    let branch = null;
    values.forEach((value, place) => {
      const names = cards.indicators[place];
      if (names[2] !== branch) {
        branch = names[2];
        const at = cards.branches.indexOf(branch);
        if (at >= 0) {
          body.append(element("tr", { class: "branch" }, element("th", { scope: "row", colspan: 2 }, branch),
            element("td", { class: "n" }, fixed(branches[at], 1)), element("td", { colspan: 2 })));
        }
      }
      body.append(line(names, value, longest));
    });
    const heads = ["indicator", "measure", "score", "weight", "points"].map((key, place) =>
      element("th", { scope: "col", class: place ? "n" : null }, texts[key]));
    const effects = also.effects ?? [];
    effects.forEach((points, place) => body.append(element("tr", { class: "effect" },
      element("th", { scope: "row", colspan: 4 }, place ? texts.remainder : texts.reference),
      element("td", { class: "n points" }, fixed(points, 2)))));
    const total = values.reduce((sum, value) => sum + (value[3] ?? 0), 0) + effects.reduce((sum, points) => sum + points, 0);
    const rules = (also.rules ?? []).map(([title, effect, points]) => element("tr", { class: "rule" },
      element("th", { scope: "row" }, title), element("td", { colspan: 3 }, effect),
      element("td", { class: "n points" }, points === null ? "" : fixed(points, 2))));
    if (rules.length) {
      rules.push(element("tr", {}, element("th", { scope: "row", colspan: 4 }, texts.after),
        element("td", { class: "n points" }, fixed(score, 2))));
    }
    return element("article", { class: "card" },
      element("header", {},
        element("div", {},
          element("h3", {}, name),
          element("p", {}, [id === name ? null : id, `${texts.rank} ${rank}`, `${texts.coverage} ${percent(coverage)}`, also.profile]
            .filter(Boolean).join(" · ")),
          element("p", {}, [grade, ...classes].filter(Boolean).join(" · "))),
        element("div", { class: "score" }, fixed(score, 1))),
      also.fuzzy ? memberships(also.fuzzy) : null,
      element("div", { class: "scroll" },
        element("table", {},
          element("thead", {}, element("tr", {}, ...heads)), body,
          element("tfoot", {}, element("tr", {}, element("th", { scope: "row", colspan: 4 }, texts.total),
            element("td", { class: "n points" }, fixed(total, 2))), ...rules))));
  };
  const list = document.getElementById("card-list");
  if (list && cards) {
    const place = document.getElementById("card");
    const beside = document.getElementById("card-beyond");
    const buttons = cards.rows.map((row, index) => {
      const button = element("button", { type: "button" }, element("span", {}, String(row[0])),
        element("span", {}, row[2]), element("span", {}, fixed(row[3], 1)));
      button.addEventListener("click", () => show(index));
      list.append(element("li", {}, button));
      return button;
    });
    const show = (index) => {
      for (const other of list.querySelectorAll("[aria-current]")) other.removeAttribute("aria-current");
      buttons[index].setAttribute("aria-current", "true");
      place.replaceChildren(card(index));
    };
    const words = cards.rows.map((row) => comparable(`${row[2]} ${row[1]}`));
    document.getElementById("card-find").addEventListener("input", (event) => {
      const sought = comparable(event.target.value.trim());
      let fitting = 0;
      buttons.forEach((button, index) => {
        button.parentElement.hidden = !words[index].includes(sought);
        if (!button.parentElement.hidden) fitting += 1;
      });
      const others = found(sought).map(entry);
      const lines = others.slice(0, MOST_FOUND).map((one) => element("li", {}, [one.rank === null ? one.status
        : `${texts.rank} ${fixed(one.rank, 0)}`, one.name, one.id === one.name ? null : one.id].filter(Boolean).join(" · ")));
      const nobody = directory.left ? filled(texts.not_held, { count: fixed(directory.left, 0) }) : texts.none_found;
      const told = lines.length ? filled(texts.beyond_card, { shown: fixed(buttons.length, 0) }) : fitting ? null : nobody;
      beside.replaceChildren(...(told ? [element("p", { class: "hint" }, told), element("ul", {}, ...lines)] : []));
    });
    for (const link of document.querySelectorAll("[data-card]")) {
      link.addEventListener("click", () => {
        const index = Number(link.dataset.card);
        show(index);
        list.scrollTop = buttons[index].offsetTop - list.offsetTop;
      });
    }
    show(0);
    const printed = document.getElementById("printed-cards");
    window.addEventListener("beforeprint", () => {
      printed.replaceChildren(...cards.rows.slice(0, 5).map((_, index) => card(index)));
    });
  }

  /* ---- paper cannot be unfolded: everything folded is printed open ---- */
  const folded = [];
  window.addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("main details:not([open])")) {
      folded.push(details);
      details.open = true;
    }
  });
  window.addEventListener("afterprint", () => { for (const details of folded.splice(0)) details.open = false; });

  /* ---- contents: say where the reader is; fold away on a phone ---- */
  const contents = document.querySelector(".contents details");
  if (window.matchMedia("(max-width: 640px)").matches) contents.open = false;
  const links = new Map([...document.querySelectorAll(".contents a")].map((link) => [link.hash.slice(1), link]));
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const link of links.values()) link.classList.remove("here");
      links.get(entry.target.id).classList.add("here");
    }
  }, { rootMargin: "-10% 0px -80% 0px" });
  for (const part of document.querySelectorAll("main > section")) watch.observe(part);

  draw();
})();
