/* The controls of what if: a slider and a number for every weight that has siblings, and for every cut. */
page.whatifControls = (() => {
  const { element, filled } = page.frame;
  const { fixed, percent } = page.numbers;
  const { whatif } = page;

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
      const hint = element("small", { id: `${id}-says` });
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
        element("span", { class: "value" }, input, ` ${unit}`), track, hint);
      shown.push(show);
      return row;
    };

    const weightsOf = (of, node) => (profile > 0 && node in of.profiles[profile - 1] ? of.profiles[profile - 1] : of.local);
    const global = (of, node) => {
      const parent = model.groups.find((group) => group.children?.includes(node));
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
    const movable = (group) => group.children.map((child) => model.nodes.get(child))
      .filter((child) => !child.unobserved).length > 1;
    const groups = model.groups.filter(movable);
    const sets = groups.map((group, place) => {
      const body = group.children.map((child) => weight(model.nodes.get(child)));
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

    const show = () => { for (const one of shown) one(); };
    const whose = contract.profiles.length ? element("select", { id: "whatif-whose" },
      element("option", { value: 0 }, texts.everybody),
      ...contract.profiles.map((one, place) => element("option", { value: place + 1 }, one.name))) : null;
    whose?.addEventListener("change", () => { profile = Number(whose.value); show(); });
    const controls = element("div", { class: "controls" },
      element("h3", {}, texts.weights),
      whose ? element("p", {}, element("label", { for: "whatif-whose" }, texts.whose), " ", whose) : null,
      ...sets,
      cuts.length + bounds.length ? element("details", { class: "cuts" }, element("summary", {}, texts.cuts), ...cuts, ...bounds) : null);
    show();
    return { controls, show, groups, profile: () => profile };
  };

  return { make };
})();
