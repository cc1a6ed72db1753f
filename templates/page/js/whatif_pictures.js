/* The sensitivity pictures of what if: performance, dynamic, gradient and head-to-head, drawn as the weights move. */
page.whatifPictures = (() => {
  const { element, filled, texts: common } = page.frame;
  const { fixed } = page.numbers;
  const { breakEvens, engine, whatif } = page;
  const { leaders } = page.whatifOutcome;

  const KINDS = ["performance", "dynamic", "gradient", "head_to_head"];
  const LINES = 5, BARS = 10, CHOICES = 100, CRITERIA = 12, STEPS = 40;

  const make = ({ groups, profile }) => {
    const { contract } = whatif;
    const { texts } = contract;
    const { evaluated, model } = whatif.told();
    const additive = (group) => group.synthesis.kind === "weighted_sum" && !(group.id === model.root && model.closeness);
    const local = (state, node, of) => engine.weightsIn(state, of, node)[node];

    /* The criteria pictured: those below the whole, and further down as long as they are few and sums. */
    const criteria = (() => {
      let found = model.nodes.get(model.root).children;
      for (;;) {
        const next = found.flatMap((id) => model.nodes.get(id).children ?? [id]);
        const sums = additive(model.nodes.get(model.root)) && found.every((id) => !model.nodes.get(id).children || additive(model.nodes.get(id)));
        if (!sums || next.length > CRITERIA || next.length === found.length) return found.filter((id) => !model.nodes.get(id).unobserved);
        found = next;
      }
    })();
    const parent = model.parents;
    const names = Object.fromEntries(criteria.map((id) => {
      const same = criteria.filter((other) => model.nodes.get(other).name === model.nodes.get(id).name).length > 1;
      return [id, same ? `${model.nodes.get(id).name} · ${parent.get(id).name}` : model.nodes.get(id).name];
    }));

    /* The weight of a criterion in the score of one customer: a missing one hands its weight to its siblings. */
    const effective = ({ state, found }, id, i) => {
      const group = parent.get(id);
      if (!group) return 1;
      const of = model.of === null ? 0 : model.of[i];
      const there = group.children.filter((child) => found.scores[child][i] === found.scores[child][i]);
      const whole = group.complete ? 1 : there.reduce((sum, child) => sum + local(state, child, of), 0);
      return there.includes(id) && whole > 0 ? effective({ state, found }, group.id, i) * local(state, id, of) / whole : 0;
    };
    const points = (now, id, i) => {
      const value = now.found.scores[id][i];
      return value === value ? effective(now, id, i) * value : 0;
    };
    /* What rules add to the sum of the criteria, or take off it. */
    const rest = (now, i) => now.found.score[i] - criteria.reduce((sum, id) => sum + points(now, id, i), 0);
    const divisible = additive(model.nodes.get(model.root));
    const global = (state, id, of) => (parent.has(id) ? local(state, id, of) * global(state, parent.get(id).id, of) : 1);
    const known = (value) => (value === value ? value : null);
    const five = leaders(evaluated, LINES);
    const label = (i) => contract.names[i];

    const criterion = element("select", { id: "whatif-criterion" }, ...groups.flatMap((group) => group.children
      .map((id) => model.nodes.get(id)).filter((node) => !node.unobserved)
      .map((node) => element("option", { value: node.id }, node.name))));
    const some = leaders(evaluated, CHOICES);
    const choice = (id, at) => {
      const made = element("select", { id }, ...some.map((i) => element("option", { value: i }, `${fixed(evaluated.rank[i], 0)} · ${label(i)}`)));
      made.selectedIndex = Math.min(at, some.length - 1);
      return made;
    };
    const [one, other] = [choice("whatif-one", 0), choice("whatif-other", 1)];

    /* The data of each picture, by the names that its specification gives them. */
    const drawn = {
      performance: (now) => ({
        weights: criteria.map((id) => ({ at: names[id], weight: global(now.state, id, profile()) })),
        scores: five.flatMap((i) => [
          ...criteria.map((id) => ({ at: names[id], line: label(i), value: known(now.found.scores[id][i]) })),
          { at: texts.whole, line: label(i), value: known(now.found.score[i]) }]),
      }),
      dynamic: (now) => {
        const ten = leaders(now.found, BARS);
        return {
          parts: divisible ? ten.flatMap((i) => [
            ...criteria.map((id, order) => ({ line: label(i), part: names[id], points: points(now, id, i), order })),
            ...(rest(now, i) > 1e-6 ? [{ line: label(i), part: texts.by_rules, points: rest(now, i), order: criteria.length }] : [])])
            : ten.map((i) => ({ line: label(i), part: texts.whole, points: now.found.score[i], order: 0 })),
          totals: ten.map((i) => ({ line: label(i), label: fixed(now.found.score[i], 1),
            total: now.found.score[i] + (divisible ? Math.max(0, -rest(now, i)) : 0) })),
        };
      },
      gradient: (now) => {
        const weights = Array.from({ length: STEPS + 1 }, (_, step) => step / STEPS);
        const scores = whatif.over(five, profile(), criterion.value, weights);
        return {
          lines: five.flatMap((i, k) => weights.map((weight, step) => ({ line: label(i), weight, score: known(scores[step][k]) }))),
          now: [{ weight: local(now.state, criterion.value, profile()) }],
          crossings: breakEvens.of(model, now.state, profile(), criterion.value).marks.map(({ weight }) => ({ weight })),
        };
      },
      head_to_head: (now) => {
        const [a, b] = [Number(one.value), Number(other.value)];
        const rows = divisible ? criteria.map((id) => [names[id], points(now, id, a) - points(now, id, b)]) : [];
        const whole = now.found.score[a] - now.found.score[b];
        const ruled = divisible ? rest(now, a) - rest(now, b) : 0;
        if (Math.abs(ruled) > 1e-6) rows.push([texts.by_rules, ruled]);
        rows.push([texts.whole, whole]);
        sides.textContent = filled(texts.sides, { one: label(a), other: label(b) });
        return {
          differences: rows.filter(([, value]) => value === value).map(([at, value]) => ({ at, value, label: fixed(Math.abs(value), 1),
            side: value < 0 ? "other" : "one", ahead: Math.abs(value) < 1e-9 ? texts.even : label(value > 0 ? a : b) })),
        };
      },
    };

    const sides = element("span", { class: "hint" });
    const field = (text, made) => element("span", {}, element("label", { for: made.id }, text), " ", made);
    const tools = { gradient: [field(texts.criterion, criterion)], head_to_head: [field(texts.compared, one), field(texts.with, other), sides] };
    const places = Object.fromEntries(KINDS.map((kind) => [kind, element("figure", { class: "chart", hidden: "" },
      element("figcaption", {}, element("strong", {}, texts[kind]), element("span", {}, texts[`${kind}_says`]),
        kind === "dynamic" && !divisible ? element("span", {}, ` ${texts.dynamic_whole}`) : null),
      tools[kind] ? element("p", { class: "tools" }, ...tools[kind]) : null,
      element("div", { class: "drawing", id: `chart-whatif-${kind}`, role: "img", "aria-label": texts[kind] }))]));
    const choices = KINDS.map((kind) => {
      const input = element("input", { type: "radio", name: "whatif-picture", value: kind });
      input.addEventListener("change", () => turn(kind));
      return element("label", {}, input, " ", texts[kind]);
    });

    /* The one picture that is chosen is shown; it is drawn then, and follows when the weights have come to rest. */
    const views = {};
    let shown = null, waiting = false;
    const withRows = (spec, rows) => {  // a chart without a row would have no size
      const of = (part) => (part.data?.name ? { ...part, data: { ...part.data, values: rows[part.data.name] } } : part);
      return { ...of(spec), layer: spec.layer.map(of) };
    };
    const draw = async () => {
      waiting = false;
      const kind = shown;
      const place = places[kind].querySelector(".drawing");
      try {
        const rows = drawn[kind](whatif.told());
        if (views[kind]) {
          for (const [name, values] of Object.entries(rows)) views[kind].data(name, values);
          await views[kind].runAsync();
        } else {
          const { view } = await window.vegaEmbed(place, withRows(contract.pictures[`whatif-${kind}`], rows), { renderer: "svg", actions: false, ast: true });
          views[kind] = view;
        }
        place.dataset.drawn = String(Number(place.dataset.drawn ?? 0) + 1);
      } catch (error) {
        place.textContent = common.failed;
        console.error(error);
      }
    };
    const show = () => {
      if (waiting || !shown) return;
      waiting = true;
      window.setTimeout(draw, 60);
    };
    const turn = (kind) => {
      shown = kind;
      for (const [name, place] of Object.entries(places)) place.hidden = name !== kind;
      show();
    };
    for (const made of [criterion, one, other]) made.addEventListener("change", show);
    const pictures = element("div", { class: "pictures" }, element("h3", {}, texts.pictures),
      element("fieldset", { class: "kinds" }, element("legend", { class: "hint" }, texts.pictures), ...choices), ...Object.values(places));
    return { pictures, show };
  };

  return { make };
})();
