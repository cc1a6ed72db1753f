/* The matrix: zoomed to the customers, sized by money, with what each field holds; a rectangle leads to the list. */
page.matrix = (() => {
  const { data, texts, element, filled } = page.frame;
  const { fixed, percent } = page.numbers;
  const { list, columns, name, link, said, nothing, select, hash } = page.customers;

  const LEAST_HEIGHT = 12;
  const SVG = "http://www.w3.org/2000/svg";
  const say = (key, values = {}) => filled(texts[`matrix.${key}`], values);
  const drawn = (kind, attributes, ...children) => {
    const made = document.createElementNS(SVG, kind);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children.filter((child) => child !== null));
    return made;
  };
  const ticks = ([low, high]) => {
    const step = [1, 2, 5, 10, 20, 50].find((one) => (high - low) / one <= 7) ?? 100;
    const found = [];
    for (let at = Math.ceil(low / step) * step; at <= high; at += step) found.push(at || 0);
    return found;
  };

  const instrument = (matrix, place) => {
    const { x, y } = matrix;
    const [xs, ys, classes] = [columns.get(x.key).values, columns.get(y.key).values, columns.get(matrix.classes).values];
    const money = matrix.money ? columns.get(matrix.money) : null;
    const rows = [];
    for (let row = 0; row < list.rated; row += 1) if (xs[row] !== null && ys[row] !== null) rows.push(row);
    const most = money ? rows.reduce((most_, row) => Math.max(most_, money.values[row] ?? 0), 0) : 0;
    const colour = new Map(matrix.cells.map((cell) => [cell.place, cell.colour]));
    const many = rows.length > matrix.most;

    const plot = element("div", { class: "plot" });
    const tip = element("div", { class: "tip", hidden: "" });
    const chosen = element("p", { class: "chosen", role: "status" });
    place.append(data.matrices.length > 1 ? element("h3", {}, matrix.name) : "", element("p", { class: "hint" }, [say(many ? "counts" : "dots"),
      money && !many ? say("sized", { name: money.title }) : null, matrix.margin === null ? null : say("band", { margin: matrix.margin }),
      say("draw")].filter(Boolean).join(texts.between)), plot, tip, chosen);

    /* What a rectangle of scores holds, and the way to its list. */
    const ranges = (left, right, low, high) => new Map([[x.key, [left, right]], [y.key, [low, high]]]);
    const tell = (held) => {
      const wanted = { ...nothing(), ranges: held };
      const found = select(wanted);
      const worth = money ? found.reduce((sum, row) => sum + (money.values[row] ?? 0), 0) : null;
      const told = say("inside", { count: fixed(found.length, 0) }) + (worth === null ? "" : ` · ${money.title} ${page.numbers.say(Math.round(worth), money.kind)}`);
      chosen.replaceChildren(told, " ", element("a", { href: hash(wanted) }, say("to_list")));
    };

    const draw = () => {
      const width = Math.max(300, plot.clientWidth);
      const height = Math.round(Math.min(560, Math.max(320, width * 0.6)));
      const pad = { left: 46, right: 10, top: 8, bottom: 40 };
      const at = {
        x: (value) => pad.left + (value - x.view[0]) / (x.view[1] - x.view[0]) * (width - pad.left - pad.right),
        y: (value) => height - pad.bottom - (value - y.view[0]) / (y.view[1] - y.view[0]) * (height - pad.top - pad.bottom),
      };
      /* What reaches an end of the scale fills the view there. */
      const within = ([low, high], { view, scale }) => [low <= scale[0] ? view[0] : Math.max(low, view[0]), high >= scale[1] ? view[1] : Math.min(high, view[1])];
      const box = (xr, yr, attributes) => {
        const [left, right] = within(xr, x).map(at.x);
        const [low, high] = within(yr, y).map(at.y);
        return right > left && low > high
          ? drawn("rect", { x: left, y: high, width: right - left, height: low - high, ...attributes }) : null;
      };
      const svg = drawn("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img",
        "aria-label": `${matrix.name}: ${say("says", { x: x.name, y: y.name })}` });
      for (const cell of matrix.cells) svg.append(box(cell.x, cell.y, { fill: cell.colour, opacity: 0.08 }) ?? "");
      if (matrix.margin !== null) {
        for (const cut of x.cuts) svg.append(box([cut - matrix.margin, cut + matrix.margin], y.view, { class: "band" }) ?? "");
        for (const cut of y.cuts) svg.append(box(x.view, [cut - matrix.margin, cut + matrix.margin], { class: "band" }) ?? "");
      }
      for (const tick of ticks(x.view)) {
        svg.append(drawn("text", { x: at.x(tick), y: height - pad.bottom + 16, "text-anchor": "middle", class: "tick" }, fixed(tick, 0)));
      }
      for (const tick of ticks(y.view)) {
        svg.append(drawn("text", { x: pad.left - 6, y: at.y(tick) + 4, "text-anchor": "end", class: "tick" }, fixed(tick, 0)));
      }
      svg.append(drawn("text", { x: (pad.left + width) / 2, y: height - 6, "text-anchor": "middle", class: "title" }, x.name),
        drawn("text", { transform: `translate(12 ${(height - pad.bottom) / 2}) rotate(-90)`, "text-anchor": "middle", class: "title" }, y.name));
      for (const cut of x.cuts) svg.append(drawn("line", { x1: at.x(cut), x2: at.x(cut), y1: pad.top, y2: height - pad.bottom, class: "cut" }));
      for (const cut of y.cuts) svg.append(drawn("line", { x1: pad.left, x2: width - pad.right, y1: at.y(cut), y2: at.y(cut), class: "cut" }));
      svg.append(many ? cells(at, width, height, pad) : dots(at));
      for (const cell of matrix.cells) {
        const [left, right] = within(cell.x, x).map(at.x);
        const [low, high] = within(cell.y, y);
        if (at.y(low) - at.y(high) < LEAST_HEIGHT) continue;  // its name would stand on that of the next
        const figures = [fixed(cell.count, 0), cell.money === null ? null : page.numbers.say(cell.money, money.kind)].filter(Boolean).join(" · ");
        const fits = (told) => [...told].reduce((sum, letter) => sum + (letter > "⺀" ? 12 : 6.8), 12) <= right - left;
        const lines = [[`${cell.name}  ${figures}`], [cell.name, figures]].find((told) => told.every(fits)) ?? [fixed(cell.count, 0)];
        const top = low === y.view[0] ? at.y(low) - 7 - 15 * (lines.length - 1) : at.y(high) + 16;  // the lowest at the foot, below the dots
        lines.forEach((line, row) => svg.append(drawn("text", { x: left + 6, y: top + 15 * row, class: "name" }, line)));
      }
      brush(svg, at, width, height, pad);
      plot.replaceChildren(svg);
    };
    const radius = (row) => {
      if (!money || most <= 0) return rows.length > 300 ? 3.5 : 5;
      return Math.max(2.5, 15 * Math.sqrt(Math.max(0, money.values[row] ?? 0) / most));
    };
    const dots = (at) => {
      const group = drawn("g", { class: "dots" });
      const sized = [...rows].sort((a, b) => radius(b) - radius(a));  // small ones lie on top
      for (const row of sized) {
        const unknown = money && money.values[row] === null;
        const tint = colour.get(classes[row]) ?? "#5b6875";
        group.append(drawn("circle", { cx: at.x(xs[row]), cy: at.y(ys[row]), r: radius(row), "data-customer": row,
          fill: unknown ? "#fff" : tint, stroke: unknown ? tint : "#fff" }));
      }
      return group;
    };
    const cells = (at, width, height, pad) => {
      const side = 14;
      const [across, up] = [Math.floor((width - pad.left - pad.right) / side), Math.floor((height - pad.top - pad.bottom) / side)];
      const counts = new Map();
      const [wide, high] = [(x.view[1] - x.view[0]) / across, (y.view[1] - y.view[0]) / up];
      for (const row of rows) {
        const key = Math.min(across - 1, Math.floor((xs[row] - x.view[0]) / wide)) * 1000 + Math.min(up - 1, Math.floor((ys[row] - y.view[0]) / high));
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      const top = Math.max(...counts.values());
      const group = drawn("g", { class: "counts" });
      for (const [key, count] of counts) {
        const [left, low] = [x.view[0] + Math.floor(key / 1000) * wide, y.view[0] + (key % 1000) * high];
        group.append(drawn("rect", { x: at.x(left), y: at.y(low + high), width: at.x(left + wide) - at.x(left), height: at.y(low) - at.y(low + high),
          fill: "#0d3f47", opacity: 0.15 + 0.85 * Math.sqrt(count / top), "data-count": count }));
      }
      return group;
    };

    const brush = (svg, at, width, height, pad) => {
      const value = (event) => {
        const frame = svg.getBoundingClientRect();
        const scale = width / frame.width;
        const px = Math.min(width - pad.right, Math.max(pad.left, (event.clientX - frame.left) * scale));
        const py = Math.min(height - pad.bottom, Math.max(pad.top, (event.clientY - frame.top) * scale));
        return [px, py, x.view[0] + (px - pad.left) / (width - pad.left - pad.right) * (x.view[1] - x.view[0]),
          y.view[0] + (height - pad.bottom - py) / (height - pad.top - pad.bottom) * (y.view[1] - y.view[0])];
      };
      const frame = drawn("rect", { class: "brush", visibility: "hidden" });
      svg.append(frame);
      let start = null;
      svg.addEventListener("pointerdown", (event) => { if (event.button === 0) start = value(event); });
      svg.addEventListener("pointermove", (event) => {
        if (!start) return;
        const now = value(event);
        if (Math.hypot(now[0] - start[0], now[1] - start[1]) < 5) return;
        svg.setPointerCapture(event.pointerId);
        const [left, right] = [start[0], now[0]].sort((a, b) => a - b);
        const [top, low] = [start[1], now[1]].sort((a, b) => a - b);
        for (const [key, size] of Object.entries({ x: left, y: top, width: right - left, height: low - top, visibility: "visible" })) frame.setAttribute(key, size);
      });
      svg.addEventListener("pointerup", (event) => {
        if (!start) return;
        const now = value(event);
        const far = Math.hypot(now[0] - start[0], now[1] - start[1]) >= 5;
        const [a, b, c, d] = [start[2], now[2], start[3], now[3]];
        start = null;
        if (!far) return;
        const round = (one) => Math.round(one * 10) / 10;
        tell(ranges(round(Math.min(a, b)), round(Math.max(a, b)), round(Math.min(c, d)), round(Math.max(c, d))));
        fields.forEach((field, place_) => { field.value = [Math.min(a, b), Math.max(a, b), Math.min(c, d), Math.max(c, d)][place_].toFixed(1); });
      });
    };

    plot.addEventListener("pointerover", (event) => {
      const row = event.target.dataset?.customer;
      const count = event.target.dataset?.count;
      tip.hidden = row === undefined && count === undefined;
      if (tip.hidden) return;
      tip.replaceChildren(...(row === undefined ? [say("inside", { count: fixed(Number(count), 0) })]
        : [element("b", {}, name(row)), element("span", {}, `${x.name} ${said(x.key, row)}`), element("span", {}, `${y.name} ${said(y.key, row)}`),
          money ? element("span", {}, `${money.title} ${said(money.key, row)}`) : null,
          element("span", {}, said(matrix.classes, row))].filter(Boolean)));
      const frame = place.getBoundingClientRect();
      tip.style.left = `${Math.min(event.clientX - frame.left + 14, frame.width - 200)}px`;
      tip.style.top = `${event.clientY - frame.top + 14}px`;
    });
    plot.addEventListener("pointerleave", () => { tip.hidden = true; });

    /* The same by the keyboard: from and to of both axes. */
    const fields = [x.view[0], x.view[1], y.view[0], y.view[1]].map((seen, place_) => {
      const side = place_ < 2 ? x : y;
      const end = Math.min(side.scale[1], Math.max(side.scale[0], seen));
      const field = element("input", { type: "number", step: "0.1", value: (place_ % 2 ? Math.ceil(end) : Math.floor(end)).toFixed(1),
        "aria-label": `${side.name}: ${say(place_ % 2 ? "to" : "from")}` });
      field.addEventListener("change", () => tell(ranges(...fields.map((one) => Number(one.value)))));
      return field;
    });
    place.append(element("details", { class: "by-numbers" }, element("summary", {}, say("by_numbers")),
      element("p", {}, `${x.name} `, fields[0], " – ", fields[1]), element("p", {}, `${y.name} `, fields[2], " – ", fields[3])));

    /* What each field holds. */
    const total = money ? matrix.cells.reduce((sum, cell) => sum + (cell.money ?? 0), 0) : 0;
    const known = matrix.cells.some((cell) => cell.money !== null);
    const heads = [say("class"), say("count"), say("share"), ...(known ? [money.title, say("of_money")] : []), say(known ? "first_money" : "first")];
    const figure = (at) => at > 0 && at < heads.length - 1;
    const body = matrix.cells.map((cell) => {
      const swatch = element("i", { class: "swatch", "aria-hidden": "true" });
      swatch.style.background = cell.colour;
      const names = cell.first.flatMap((row, at) => [at ? texts["list.separator"] : "", element("a", { href: link(row), "data-customer": row }, name(row))]);
      const wanted = { ...nothing(), words: new Map([[matrix.classes, new Set([cell.place])]]) };
      const amount = known ? [page.numbers.say(cell.money, money.kind), total > 0 && cell.money !== null ? percent(cell.money / total) : "–"] : [];
      return element("tr", {}, element("th", { scope: "row" }, swatch, element("a", { href: hash(wanted) }, cell.name)),
        ...[fixed(cell.count, 0), percent(cell.share), ...amount].map((text) => element("td", { class: "n" }, text)),
        element("td", { class: "names" }, ...names));
    });
    place.append(element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": matrix.name },
      element("table", { class: "fields" }, element("thead", {}, element("tr", {}, ...heads.map((head, at) => element("th", { scope: "col", class: figure(at) ? "n" : null }, head)))),
        element("tbody", {}, ...body))));
    let last = 0;
    new ResizeObserver(() => {
      if (plot.clientWidth && plot.clientWidth !== last) { last = plot.clientWidth; draw(); }
    }).observe(plot);
  };

  for (const matrix of data.matrices ?? []) {
    const place = document.getElementById(`instrument-${matrix.id}`);
    if (place) instrument(matrix, place);
  }

  return {};
})();
