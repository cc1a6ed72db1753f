/* The page of one customer, opened by #customer=<id>, from every name and every dot. */
page.customer = (() => {
  const { data, texts, element, filled } = page.frame;
  const { fixed, percent, say: number } = page.numbers;
  const { list, size, columns, name, rank, link, places, written, said, rowOf } = page.customers;

  const pages = data.customers;
  if (!size || !pages) return {};
  const say = (key, values = {}) => filled(texts[`customer.${key}`], values);
  const groups = Object.fromEntries(Object.entries(pages.groups).map(([key, held]) => [key, held.map(page.customers.whole)]));
  const signed = (value) => `${value >= 0.05 ? "+" : ""}${fixed(value, 1)}`;
  const heading = (key) => element("h3", {}, say(key));
  const part = (key, ...content) => content.some(Boolean) ? element("section", { class: `of-${key}` }, heading(key), ...content) : null;
  const facts = (pairs) => pairs.length ? element("dl", { class: "facts" },
    ...pairs.map(([title, value]) => element("div", {}, element("dt", {}, title), element("dd", {}, value)))) : null;

  /* Above: who it is, what the score comes to, what is done. */
  const head = (row) => {
    const mark = said("capped", row);
    const standing = rank(row) === null ? say("unrated", { reason: said("reason", row) || said("status", row) })
      : say("rank", { rank: fixed(rank(row), 0), all: fixed(list.rated, 0) });
    const classes = [...columns.keys()].filter((key) => key === "class" || key.startsWith("class_")).map((key) => said(key, row));
    return element("header", {},
      element("div", {}, element("h2", { id: "customer-title", tabindex: "-1" }, name(row)),
        element("p", {}, [list.ids[row] === name(row) ? null : list.ids[row], standing].filter(Boolean).join(" · ")),
        element("p", { class: "standing" }, ...[said("grade", row), mark ? element("span", { class: "capped" }, ` ▾ ${mark}`) : null,
          classes.filter(Boolean).length ? ` · ${classes.filter(Boolean).join(" · ")}` : null].filter(Boolean))),
      element("div", { class: rank(row) === null ? "score partial" : "score" }, said("score", row)));
  };
  /* What the weights and cuts that are tried out would make of it. */
  const otherwise = (row) => {
    const now = page.whatif?.of?.(list.ids[row]) ?? null;
    if (!now || now.score === null) return null;
    return element("p", { class: "as-tried" }, element("a", { href: page.whatif.address() },
      say("otherwise", { score: fixed(now.score, 1), rank: now.rank === null ? "–" : fixed(now.rank, 0) })));
  };
  const carried = (row) => columns.has("flag") ? places(columns.get("flag"), row).map((place) => columns.get("flag").words[place]) : [];
  /* Where the customer stands among those of the action, and by what. */
  const turn = (row, id, told) => {
    const place = columns.get("turn")?.values[row];
    if (!place || places(columns.get("action"), row).length > 1 || told.count < 2) return null;
    return element("p", { class: "hint" }, say("turn", { turn: fixed(place, 0), count: fixed(told.count, 0), order: list.orders[id] }));
  };
  const actions = (row) => {
    const column = columns.get("action");
    if (!column || rank(row) === null) return null;
    const flags = carried(row).map((word) => word[0]);
    return part("action", ...places(column, row).map((place) => {
      const [id, title] = column.words[place];
      const told = pages.actions[id];
      if (!told) return element("p", {}, title);
      const because = pages.reasons[row]?.[id]
        ?? [said(pages.deciding, row), ...told.flags.filter((flag) => flags.includes(flag)).map((flag) => pages.flags[flag].says)].filter(Boolean).join(" · ");
      return element("div", { class: "action" }, element("p", {}, element("b", {}, title), told.due ? ` · ${say("due", { day: told.due })}` : null),
        element("p", {}, told.do),
        element("p", { class: "hint" }, say("why", { reason: because })),
        turn(row, id, told),
        told.assumption ? element("p", { class: "hint" }, told.assumption) : null);
    }));
  };
  const flags = (row) => {
    const held = carried(row);
    return held.length ? part("flags", element("ul", {}, ...held.map(([id, title]) =>
      element("li", { class: `level-of-${pages.flags[id].level}` }, element("b", {}, title), ` ${pages.flags[id].says}`)))) : null;
  };
  const shown = (held, row) => (held ?? []).filter((column) => column.values[row] !== null && column.values[row] !== undefined)
    .map((column) => [column.title, written(column, row)]);
  const money = (row) => part("money", facts([
    ...["value", "stake"].filter((key) => columns.get(key)?.values[row] != null).map((key) => [columns.get(key).title, said(key, row)]),
    ...(row < pages.held ? shown(groups.money, row) : [])]));
  const certainty = (row) => {
    if (row >= pages.held) return null;
    const held = groups.certainty ?? [];
    const kept = held.filter((column) => column.kind === "share" && column.values[row] != null)
      .map((column) => [column.title, say("of_draws", { share: written(column, row) })]);
    const [low, high] = ["rank_low", "rank_high"].map((key) => held.find((column) => column.key === key)?.values[row]);
    const ranks = low != null ? element("p", {}, say(low === high ? "rank_firm" : "ranks", { low: fixed(low, 0), high: fixed(high, 0) })) : null;
    return part("certainty", facts(kept), ranks, pages.notes.certainty ? element("p", { class: "hint" }, pages.notes.certainty) : null);
  };
  const change = (row) => {
    const held = groups.change;
    if (!held || row >= pages.held) return null;
    const pairs = shown(held.filter((column) => column.key !== "because"), row);
    const because = shown(held.filter((column) => column.key === "because"), row)[0]?.[1];
    return pairs.length ? part("change", facts(pairs), element("p", {}, because ?? ""), element("p", { class: "hint" }, pages.notes.change ?? "")) : null;
  };

  /* From the mean of its class to the score, the largest steps one by one. */
  const STEPS = 8;
  const waterfall = (row) => {
    const [of] = places(columns.get(pages.deciding), row);
    if (of === undefined || pages.counted[of] < 2) return null;
    const score = columns.get("score").values[row];
    const steps = pages.leaves.map((leaf) => [leaf.name, (leaf.points[row] ?? 0) - (leaf.means[of] ?? 0)]);
    steps.sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
    const rest = steps.splice(STEPS);
    if (rest.length) steps.push([say("rest", { count: rest.length }), rest.reduce((sum, step) => sum + step[1], 0)]);
    const [reference, remainder] = pages.effects.length ? pages.effects.map((values) => values[row]) : [0, 0];
    if (pages.effects.length) steps.push([texts.remainder, remainder]);
    const mean = reference + pages.leaves.reduce((sum, leaf) => sum + (leaf.means[of] ?? 0), 0);
    const before = mean + steps.reduce((sum, step) => sum + step[1], 0);
    if (pages.before[row] !== undefined) steps.push([say("adjusted"), score - before]);
    let at = mean;
    const path = [mean, ...steps.map((step) => { at += step[1]; return at; })];
    const [low, high] = [Math.min(...path), Math.max(...path)];
    const room = (high - low || 1) * 0.06;
    const where = (value) => 100 * (value - low + room) / (high - low + 2 * room);
    const bar = (from, to, kind) => {
      const fill = element("i", { class: kind });
      fill.style.left = `${Math.min(where(from), where(to))}%`;
      fill.style.width = `${Math.max(0.4, Math.abs(where(to) - where(from)))}%`;
      return element("span", { class: "step", "aria-hidden": "true" }, fill);
    };
    const line = (title, value, drawn, kind) => element("tr", { class: kind }, element("th", { scope: "row" }, title),
      element("td", { class: "n" }, value), element("td", { class: "drawn" }, drawn));
    const of_ = columns.get(pages.deciding).words[of][1];
    at = mean;
    const lines = steps.map(([title, step]) => {
      const from = at;
      at += step;
      return line(title, signed(step), bar(from, at, step < 0 ? "less" : "more"), null);
    });
    return part("against", element("p", { class: "hint" }, say("against_says", { name: of_, count: fixed(pages.counted[of], 0) })),
      element("table", { class: "waterfall" }, element("tbody", {},
        line(say("mean", { name: of_ }), fixed(mean, 1), bar(low - room, mean, "whole"), "whole"), ...lines,
        line(texts.score, fixed(score, 1), bar(low - room, at, "whole"), "whole"))));
  };

  /* Every indicator with its measure, its scale and what it adds. */
  const measures = (row) => {
    const longest = Math.max(0, ...pages.leaves.map((leaf) => Math.abs(leaf.points[row] ?? 0)));
    const body = element("tbody");
    let branch = null;
    for (const leaf of pages.leaves) {
      if (leaf.branch !== branch) {
        branch = leaf.branch;
        if (pages.branches[branch]) {
          body.append(element("tr", { class: "branch" }, element("th", { scope: "row", colspan: 2 }, pages.branches[branch]),
            element("td", { class: "n" }, said(branch, row)), element("td", { colspan: 2 })));
        }
      }
      const [measure, score, weight, points] = [leaf.measures[row], leaf.scores[row], leaf.weights[row], leaf.points[row]];
      const fill = element("i");
      fill.style.width = `${longest > 0 ? 100 * Math.abs(points ?? 0) / longest : 0}%`;
      const scale = leaf.scale ? element("details", {}, element("summary", {}, say("scale")), leaf.scale) : null;
      const outside = leaf.clamped.includes(row) ? element("span", { class: "flag" }, texts.clamped) : null;
      body.append(element("tr", score === null ? { class: "missing" } : {},
        element("th", { scope: "row" }, leaf.name, outside, scale),
        element("td", { class: "n" }, measure === null ? texts.missing : page.numbers.measured(measure, leaf), leaf.unit && measure !== null ? element("small", {}, ` ${leaf.unit}`) : null),
        element("td", { class: "n" }, fixed(score, 1)), element("td", { class: "n" }, percent(weight)),
        element("td", { class: "n points" }, fixed(points, 1), element("span", { class: "bar", "aria-hidden": "true" }, fill))));
    }
    const more = (title, points, class_, effect) => element("tr", { class: class_ },
      element("th", { scope: "row", colspan: effect === undefined ? 4 : 1 }, title),
      effect === undefined ? null : element("td", { colspan: 3 }, effect),
      element("td", { class: "n points" }, points === null ? "" : fixed(points, 1)));
    pages.effects.forEach((values, place) => body.append(more(place ? texts.remainder : texts.reference, values[row], "effect")));
    const before = pages.before[row];
    const foot = [more(texts.total, before ?? columns.get("score").values[row], null)];
    for (const [place, points] of pages.hits[row] ?? []) foot.push(more(pages.rules[place][0], points, "rule", pages.rules[place][1]));
    if (before !== undefined) foot.push(more(texts.after, columns.get("score").values[row], null));
    const heads = ["indicator", "measure", "score", "weight", "points"].map((key, at) =>
      element("th", { scope: "col", class: at ? "n" : null }, texts[key]));
    return part("measures", element("p", { class: "hint" }, say(pages.additive ? "measures_says" : "effects_says")),
      element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("measures") },
        element("table", {}, element("thead", {}, element("tr", {}, ...heads)), body, element("tfoot", {}, ...foot))));
  };
  const missing = (row) => {
    const held = pages.leaves.filter((leaf) => leaf.measures[row] === null);
    return held.length ? part("missing", element("ul", {}, ...held.map((leaf) => element("li", {}, say("missing_says", { name: leaf.name, handling: leaf.handling }))))) : null;
  };
  const memberships = (row) => {
    if (!pages.fuzzy) return null;
    const [told, values] = pages.fuzzy;
    const grades = columns.get("grade").words;
    return element("figure", { class: "memberships" }, element("figcaption", {}, told[row]),
      element("dl", { "aria-label": texts.memberships }, ...values.map((column, place) => {
        const fill = element("i");
        fill.style.width = `${100 * (column[row] ?? 0)}%`;
        return element("div", {}, element("dt", {}, grades[place][1]), element("dd", {}, percent(column[row]), element("span", { class: "bar", "aria-hidden": "true" }, fill)));
      })));
  };
  const attributes = (row) => {
    const known = ["score", "grade", "action", "flag", "coverage", "value", "stake", "status"];
    const held = [...columns.values()].filter((column) => column.kind === "text" && column.filters && !known.includes(column.key)
      && !column.key.startsWith("class") && column.values[row] !== null);
    const profile = row < pages.held ? shown(groups.profile, row) : [];
    const seen = rank(row) === null ? [] : [[texts.coverage, said("coverage", row)]];
    return part("attributes", facts([...held.map((column) => [column.title, written(column, row)]), ...profile, ...seen]));
  };

  const lifts = [];  // what other modules tell of a customer: functions of a row that return an element or null
  const content = (row) => {
    const explained = row < pages.held;
    return element("article", { class: "customer card" }, head(row), otherwise(row), actions(row), flags(row), money(row), certainty(row), change(row),
      explained ? memberships(row) : null, explained ? waterfall(row) : null,
      ...(explained ? lifts.map((lift) => lift(row)) : []), attributes(row), explained ? missing(row) : null,
      explained ? measures(row) : rank(row) === null ? null : element("p", { class: "note" }, say("beyond", { held: fixed(pages.held, 0) })));
  };

  const body = element("div", { class: "content" });
  const control = (key, sign) => element("button", { type: "button", "aria-label": say(key), title: say(key) }, sign);
  const [before, next, print, close] = [control("before", "‹"), control("next", "›"), control("print", say("print")), control("close", "×")];
  const dialog = element("dialog", { id: "customer-page", "aria-labelledby": "customer-title" },
    element("div", { class: "controls" }, before, next, print, close), body);
  document.body.append(dialog);
  let from = "#list";
  let now = null;
  const leave = () => {
    now = null;
    window.history.replaceState(null, "", from);
    document.body.classList.remove("one-customer");
  };
  const open = (row) => {
    now = row;
    body.replaceChildren(content(row));
    before.disabled = row === 0;
    next.disabled = row >= size - 1;
    document.body.classList.add("one-customer");
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    document.getElementById("customer-title").focus();
  };
  const go = (row) => { window.history.replaceState(null, "", link(row)); open(row); };
  before.addEventListener("click", () => go(now - 1));
  next.addEventListener("click", () => go(now + 1));
  print.addEventListener("click", () => window.print());
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => { if (now !== null) leave(); });

  const follow = (event) => {
    const found = /^#customer=(.+)$/.exec(window.location.hash);
    if (!found) {
      if (dialog.open) { now = null; document.body.classList.remove("one-customer"); dialog.close(); }
      return;
    }
    if (event?.oldURL) from = new URL(event.oldURL).hash || "#";
    const row = rowOf(decodeURIComponent(found[1]));
    if (row !== null) open(row);
  };
  window.addEventListener("hashchange", follow);
  document.addEventListener("click", (event) => {
    const place = event.target.closest?.("[data-customer]");
    if (!place) return;
    event.preventDefault();
    window.location.hash = link(Number(place.dataset.customer));
  });
  follow();

  return { open, lifts };
})();
