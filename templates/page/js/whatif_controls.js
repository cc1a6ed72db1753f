/* The controls of what if: a slider and a number for every weight that has siblings, and for every cut. */
page.whatifControls = (() => {
  const { element, filled } = page.frame;
  const { fixed, percent } = page.numbers;
  const { breakEvens, engine, whatif } = page;

  const make = () => {
    const { model } = whatif.told();
    const { contract } = whatif;
    const { texts } = contract;
    const [low, high] = contract.range;
    const shown = [];  // what each control does when the state has changed
    let profile = 0, number = 0;

    /* A slider with its number; `read` says where it stands, in the unit of the number. */
    const control = (label, unit, range, read, write, says) => {
      const id = `whatif-${number += 1}`;
      const slider = element("input", { type: "range", min: range[0], max: range[1], step: "any", id, "aria-describedby": `${id}-says` });
      const input = element("input", { type: "number", min: range[0], max: range[1], step: "any", "aria-label": `${label} (${unit})` });
      const hint = element("small"), breaks = element("small", { class: "breaks" });
      const mark = element("i", { class: "mark", "aria-hidden": "true" });
      const track = element("span", { class: "track" }, slider, mark);
      const rounded = (value) => Math.round(value * 10) / 10;
      slider.addEventListener("input", () => write(rounded(slider.valueAsNumber)));
      input.addEventListener("change", () => { if (Number.isFinite(input.valueAsNumber)) write(input.valueAsNumber); });
      const place = (value) => `calc(.5rem + (100% - 1rem) * ${(value - range[0]) / (range[1] - range[0])})`;
      const show = () => {
        const { now, before, locked } = read();
        const text = unit === "%" ? percent(now / 100) : `${fixed(now, 1)} ${unit}`;
        slider.value = now;
        slider.setAttribute("aria-valuetext", text);
        if (document.activeElement !== input || rounded(input.valueAsNumber) !== rounded(now)) input.value = rounded(now);
        slider.disabled = locked;
        input.disabled = locked;
        mark.style.insetInlineStart = place(before);
        row.classList.toggle("moved", Math.abs(now - before) > 1e-7);
        hint.textContent = says(before, locked);
      };
      const row = element("div", { class: "control" }, element("label", { for: id }, label),
        element("span", { class: "value" }, input, ` ${unit}`), track, element("span", { class: "says", id: `${id}-says` }, hint, " ", breaks));
      shown.push(show);
      row.marked = (at, text) => {
        for (const one of track.querySelectorAll(".break")) one.remove();
        track.append(...at.map((value) => {
          const made = element("i", { class: "mark break", "aria-hidden": "true" });
          made.style.insetInlineStart = place(value);
          return made;
        }));
        breaks.textContent = text;
      };
      return row;
    };

    const weightsOf = (of, node) => engine.weightsIn(of, profile, node);
    const global = (of, node) => {
      const parent = model.parents.get(node);
      return parent ? weightsOf(of, node)[node] * global(of, parent.id) : 1;
    };
    const weight = (node) => control(node.name, "%", [0, 100],
      () => {
        const { state } = whatif.told();
        return { now: 100 * weightsOf(state, node.id)[node.id], before: 100 * weightsOf(model.evaluated, node.id)[node.id], locked: node.unobserved };
      },
      (value) => whatif.setWeight(profile, node.id, value / 100),
      (before, locked) => (locked ? texts.locked : [
        filled(texts.evaluated, { value: percent(before / 100) }),
        filled(texts.total, { share: percent(global(whatif.told().state, node.id)) }),
        profile > 0 && weightsOf(model.evaluated, node.id) === model.evaluated.local ? texts.common : null,
      ].filter(Boolean).join(" · ")));

    /* Break-even weights, one control after the other while nothing else moves, of those that can be seen. */
    const marked = [];  // the control of each weight, with its node
    const steps = element("span", { hidden: "" }, " ", texts.first_steps);
    let token = 0;
    const told = (node) => {
      const { state } = whatif.told();
      const now = weightsOf(state, node.id)[node.id];
      const found = breakEvens.of(model, state, profile, node.id);
      if (found.least < 0) return [[], ""];
      const { marks } = found;
      const before = marks.filter(({ weight: at }) => at <= now), after = marks.find(({ weight: at }) => at > now);
      const name = (i) => contract.names[i];
      const words = [];
      if (before.length) {
        const last = before[before.length - 1];
        words.push(filled(texts.first_below, { weight: percent(last.weight), name: name(before.length > 1 ? before[before.length - 2].first : found.least) }));
      }
      if (after) words.push(filled(texts.first_above, { weight: percent(after.weight), name: name(after.first) }));
      if (!found.lines) steps.hidden = false;
      return [marks.map(({ weight: at }) => 100 * at), words.join(" · ")];
    };
    const rest = () => {
      const mine = token += 1;
      steps.hidden = true;
      let waiting = null;
      const next = () => {
        if (mine !== token) return;
        waiting ??= marked.filter(([row, node]) => !node.unobserved && row.offsetParent !== null);
        const one = waiting.shift();
        if (!one) return;
        one[0].marked(...told(one[1]));
        window.setTimeout(next);
      };
      window.setTimeout(next, 400);
    };
    const movable = (group) => group.children.map((child) => model.nodes.get(child))
      .filter((child) => !child.unobserved).length > 1;
    const groups = model.groups.filter(movable);
    const sets = groups.map((group, place) => {
      const body = group.children.map((child) => {
        const row = weight(model.nodes.get(child));
        marked.push([row, model.nodes.get(child)]);
        return row;
      });
      if (place === 0) return element("fieldset", {}, element("legend", {}, group.name), ...body);
      return element("details", {}, element("summary", {}, filled(texts.below, { name: group.name })),
        element("div", { role: "group", "aria-label": group.name }, ...body));
    });

    const points = (label, read, write) => control(label, texts.points, [low, high], read, write,
      (before) => filled(texts.evaluated, { value: fixed(before, 1) }));
    const cuts = contract.matrices.flatMap((matrix) => ["x", "y"].flatMap((side) => matrix[side].cuts.map((_, place) =>
      points(filled(texts.cut_of, { axis: matrix[side].name, level: matrix[side].levels[place + 1] }),
        () => ({ now: whatif.told().state.cuts[matrix.id][side][place], before: model.evaluated.cuts[matrix.id][side][place], locked: false }),
        (value) => whatif.setCut(matrix.id, side, place, value)))));
    const bounds = contract.grades.slice(0, -1).map((grade, place) => points(filled(texts.grade_of, { grade: grade.name }),
      () => ({ now: whatif.told().state.bounds[place], before: model.evaluated.bounds[place], locked: false }),
      (value) => whatif.setBound(place, value)));

    const show = () => {
      for (const one of shown) one();
      rest();
    };
    const whose = contract.profiles.length ? element("select", { id: "whatif-whose" },
      element("option", { value: 0 }, texts.everybody),
      ...contract.profiles.map((one, place) => element("option", { value: place + 1 }, one.name))) : null;
    whose?.addEventListener("change", () => { profile = Number(whose.value); show(); });
    const controls = element("div", { class: "controls" },
      element("h3", {}, texts.weights), model.count > 1 ? element("p", { class: "hint" }, texts.marks, steps) : null,
      whose ? element("p", {}, element("label", { for: "whatif-whose" }, texts.whose), " ", whose) : null,
      ...sets,
      cuts.length + bounds.length ? element("details", { class: "cuts" }, element("summary", {}, texts.cuts), ...cuts, ...bounds) : null);
    controls.addEventListener("toggle", rest, true);
    show();
    return { controls, show, groups, profile: () => profile };
  };

  return { make };
})();
