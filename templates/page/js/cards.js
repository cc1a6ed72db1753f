/* The card of a customer. */
page.cards = (() => {
  const { data, texts, element, comparable } = page.frame;
  const { fixed, percent, quantity } = page.numbers;

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
      buttons.forEach((button, index) => {
        button.parentElement.hidden = !words[index].includes(sought);
      });
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

  return {};
})();
