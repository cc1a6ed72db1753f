/* The evaluation as the engine computes it, for other weights and cuts: pure functions, no page, no texts.
   A number that is missing is NaN. */
page.engine = (() => {
  const { TOLERANCE, leeway, reaches, holds, valueOf, names } = page.conditions;

  /* The contract, decoded. */
  const bytes = (text) => {
    const read = atob(text);
    const found = new Uint8Array(read.length);
    for (let i = 0; i < read.length; i += 1) found[i] = read.charCodeAt(i);
    return found;
  };
  const doubles = (text) => new Float64Array(bytes(text).buffer);
  const column = (stated) => {
    if (stated.numbers !== undefined) return doubles(stated.numbers);
    const codes = new Int32Array(bytes(stated.codes).buffer);
    return Array.from(codes, (code) => (code < 0 ? null : stated.texts[code]));
  };
  const decoded = (contract) => {
    const of = (entries, read) => Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, read(value)]));
    const nodes = new Map(contract.nodes.map((node) => [node.id, node]));
    const model = {
      ...contract, nodes, count: contract.ids.length, root: contract.nodes[0].id,
      groups: contract.nodes.filter((node) => node.children),
      leaves: of(contract.leaves, doubles), seen: of(contract.seen, bytes), columns: of(contract.columns, column),
      of: contract.of === null ? null : bytes(contract.of), settled: new Map(),
    };
    model.upward = [...model.groups].reverse();
    model.parents = new Map(model.groups.flatMap((group) => group.children.map((child) => [child, group])));
    model.evaluated = stateOf(contract);
    return model;
  };
  const stateOf = (contract) => ({
    local: { ...contract.local },
    profiles: contract.profiles.map((profile) => ({ ...profile.local })),
    cuts: Object.fromEntries(contract.matrices.map((matrix) => [matrix.id, { x: [...matrix.x.cuts], y: [...matrix.y.cuts] }])),
    bounds: contract.grades.map((grade) => grade.bound),
  });

  /* The weights of a group's children, for everybody and for each profile. */
  const weightsOf = (group, state) => [state.local, ...state.profiles.map((own) => ({ ...state.local, ...own }))]
    .map((local) => group.children.map((child) => local[child]));

  /* How the scores of children become that of their group. */
  const sum = (s, w, i, complete) => {
    let total = 0, there = 0;
    for (let k = 0; k < s.length; k += 1) {
      const value = s[k][i];
      if (complete) total += value * w[k];
      else if (value === value) { total += value * w[k]; there += w[k]; }
    }
    if (complete) return total;
    return there > 0 ? total * (1 / there) : NaN;
  };
  const product = (s, w, i, complete, low, span) => {
    let total = 1, there = 0;
    for (let k = 0; k < s.length; k += 1) {
      const value = s[k][i];
      if (value !== value) { if (complete) return NaN; continue; }
      total *= Math.min(1, Math.max(0, (value - low) / span)) ** w[k];
      there += w[k];
    }
    if (!complete) total = there > 0 ? total ** (1 / there) : NaN;
    return total * span + low;
  };
  const least = (s, w, i) => {
    let found = NaN;
    for (let k = 0; k < s.length; k += 1) if (!(s[k][i] >= found)) found = s[k][i] === s[k][i] ? s[k][i] : found;
    return found;
  };
  const ordered = (orness) => {
    const power = (1 - orness) / orness;
    return (s, w, i) => {
      const there = s.map((scores) => scores[i]).filter((value) => value === value).sort((a, b) => b - a);
      if (!there.length) return NaN;
      let total = 0;
      there.forEach((value, k) => {
        total += value * (((k + 1) / there.length) ** power - (k / there.length) ** power);
      });
      return total;
    };
  };
  const SYNTHESES = { weighted_sum: () => sum, weighted_product: () => product, minimum: () => least, owa: ({ orness }) => ordered(orness) };

  /* Up the tree: the score of every node and the weight observed of every group. */
  const upward = (model, state) => {
    const { count, of, range: [low, high] } = model;
    const scores = { ...model.leaves }, observed = {};
    for (const group of model.upward) {
      const weights = weightsOf(group, state);
      const joined = SYNTHESES[group.synthesis.kind](group.synthesis);
      const children = group.children.map((child) => scores[child]);
      const seen = group.children.map((child) => observed[child] ?? model.seen[child] ?? null);
      const excluding = group.excluding.map((leaf) => model.leaves[leaf]);
      const own = new Float64Array(count), part = new Float64Array(count);
      for (let i = 0; i < count; i += 1) {
        const w = weights[of === null ? 0 : of[i]];
        own[i] = joined(children, w, i, group.complete, low, high - low);
        for (const leaf of excluding) if (leaf[i] !== leaf[i]) own[i] = NaN;
        for (let k = 0; k < w.length; k += 1) {
          part[i] += (seen[k] === null ? (children[k][i] === children[k][i] ? 1 : 0) : seen[k][i]) * w[k];
        }
      }
      scores[group.id] = own;
      observed[group.id] = part;
    }
    if (model.closeness) scores[model.root] = closeness(model, state, scores);
    return { scores, observed };
  };

  /* TOPSIS: the whole by its distance from the best and the worst score, every leaf by its share. */
  const closeness = (model, state, scores) => {
    const { count, of, range: [low, high] } = model;
    const shares = { [model.root]: new Float64Array(count).fill(1) };
    for (const group of model.groups) {
      const weights = weightsOf(group, state);
      for (const child of group.children) shares[child] = new Float64Array(count);
      for (let i = 0; i < count; i += 1) {
        const w = weights[of === null ? 0 : of[i]];
        const parts = group.children.map((child, k) => (scores[child][i] === scores[child][i] ? w[k] : 0));
        const whole = parts.reduce((a, b) => a + b, 0);
        group.children.forEach((child, k) => { shares[child][i] = whole > 0 ? shares[group.id][i] * (parts[k] * (1 / whole)) : 0; });
      }
    }
    return scores[model.root].map((score, i) => {
      if (score !== score) return NaN;
      let worst = 0, best = 0;
      for (const leaf of Object.keys(model.leaves)) {
        const share = shares[leaf][i], value = model.leaves[leaf][i];
        const height = share * (((value === value ? value : low) - low) / (high - low));
        worst += height * height;
        best += (share - height) * (share - height);
      }
      const whole = Math.sqrt(worst) + Math.sqrt(best);
      return whole > 0 ? Math.sqrt(worst) * (1 / whole) * (high - low) + low : NaN;
    });
  };

  /* The columns conditions read: as they are in the data, and those that move with weights and cuts. */
  const table = (model) => {
    const moving = {};
    const known = (name) => moving[name] ?? model.columns[name] ?? model.leaves[name.replace(/^score_/, "")];
    const truths = (said) => {
      const still = names(said).every((name) => !(name in moving));
      if (still && model.settled.has(said)) return model.settled.get(said);
      const held = holds(said, known);
      const found = new Float64Array(model.count);
      for (let i = 0; i < model.count; i += 1) found[i] = held(i);
      if (still) model.settled.set(said, found);
      return found;
    };
    return { moving, known, truths };
  };

  /* Rules: all look at the customer as the tree scored it; bonuses first, then limits, then gates. */
  const ruled = (model, scores, { moving, known, truths }) => {
    const { count, range: [low, high] } = model;
    const score = Float64Array.from(scores[model.root]);
    const hits = {};
    const added = new Float64Array(count), limit = new Float64Array(count).fill(high);
    for (const rule of model.rules) {
      const held = truths(rule.when);
      const counted = rule.per === undefined ? null : valueOf(rule.per, known);
      const outcome = new Array(count);
      const hit = new Uint8Array(count);
      for (let i = 0; i < count; i += 1) {
        let points = rule.points;
        if (counted) {
          const [least, most] = rule.points > 0 ? [0, rule.at_most] : [-rule.at_most, 0];
          points = Math.min(most, Math.max(least, counted(i) * rule.points));
        }
        const unknown = held[i] !== held[i] || (counted && points !== points);
        hit[i] = !unknown && held[i] === 1 ? 1 : 0;
        outcome[i] = unknown ? "unknown" : hit[i] ? "hit" : "no";
        if (hit[i] && rule.kind === "bonus") added[i] += points;
        if (hit[i] && rule.kind === "veto") limit[i] = Math.min(limit[i], rule.at_most);
      }
      hits[rule.id] = hit;
      moving[`rule_${rule.id}`] = outcome;
    }
    const bonuses = model.rules.some((rule) => rule.kind === "bonus");
    const vetoes = model.rules.some((rule) => rule.kind === "veto");
    const gates = model.rules.filter((rule) => rule.kind === "gate");
    for (let i = 0; i < count; i += 1) {
      if (bonuses) score[i] = Math.min(high, Math.max(low, score[i] + added[i]));
      if (vetoes && score[i] === score[i]) score[i] = Math.min(score[i], limit[i]);
      if (gates.some((gate) => hits[gate.id][i])) score[i] = NaN;
    }
    return { score, hits };
  };

  /* Who is rated, and for whom not, the first reason. */
  const standing = (model, scores, observed, score, hits) => {
    const status = new Uint8Array(model.count), reason = new Array(model.count).fill(null);
    const gates = model.rules.filter((rule) => rule.kind === "gate").map((rule) => rule.id);
    const needed = model.nodes.get(model.root).excluding;
    const axes = model.axes.filter((axis) => axis.observable);
    for (let i = 0; i < model.count; i += 1) {
      const shut = gates.find((gate) => hits[gate][i]) ?? needed.find((leaf) => model.leaves[leaf][i] !== model.leaves[leaf][i]);
      const thin = axes.find((axis) => !reaches(observed[axis.group][i], model.min_coverage))?.id
        ?? (!reaches(observed[model.root][i], model.min_coverage) || score[i] !== score[i] ? model.root : undefined);
      status[i] = shut !== undefined ? 2 : thin !== undefined ? 1 : 0;
      reason[i] = shut ?? thin ?? null;
    }
    return { status, reason };
  };

  /* Grades and classes; a cap holds a better grade down, an override settles a class. */
  const graded = (model, state, score, status, hits) => {
    const order = model.grades.map((grade) => grade.id);
    const caps = model.rules.filter((rule) => rule.kind === "grade_cap").map((rule) => [hits[rule.id], order.indexOf(rule.grade)]);
    return Array.from(score, (value, i) => {
      if (status[i] !== 0) return null;
      let place = state.bounds.findIndex((bound) => reaches(value, bound));
      if (place < 0) return null;
      for (const [hit, cap] of caps) if (hit[i]) place = Math.max(place, cap);
      return order[place];
    });
  };
  const level = (value, cuts) => {
    let found = 0;
    cuts.forEach((cut, place) => { if (reaches(value, cut)) found = place + 1; });
    return found;
  };
  const classed = (model, state, scores, status, hits) => Object.fromEntries(model.matrices.map((matrix) => {
    const x = scores[matrix.x.group], y = scores[matrix.y.group], cuts = state.cuts[matrix.id];
    const overrides = model.rules.filter((rule) => rule.kind === "override" && rule.matrix === matrix.id);
    return [matrix.id, Array.from(status, (standing, i) => {
      if (standing !== 0) return null;
      const settled = overrides.find((rule) => hits[rule.id][i]);
      if (settled) return settled.class;
      if (x[i] !== x[i] || y[i] !== y[i]) return null;
      return matrix.cells[level(x[i], cuts.x)][level(y[i], cuts.y)];
    })];
  }));

  /* Ranks of the rated: ties, give or take 1e-9, share the better one. */
  const ranks = (score, status) => {
    const sorted = score.filter((_, i) => status[i] === 0).sort().reverse();
    const firsts = new Map();
    let first = 1;
    for (let place = 0; place < sorted.length; place += 1) {
      if (place && sorted[place] - sorted[place - 1] < -TOLERANCE) first = place + 1;
      if (!firsts.has(sorted[place])) firsts.set(sorted[place], first);
    }
    return score.map((value, i) => (status[i] === 0 ? firsts.get(value) : NaN));
  };

  /* How near the next cut of what decides is, and who lies within the margin of one. */
  const distance = (model, state, scores, score) => {
    const matrix = model.matrices.find((entry) => entry.id === model.decides);
    const sides = matrix ? ["x", "y"].map((side) => [scores[matrix[side].group], state.cuts[matrix.id][side]])
      : [[score, state.bounds.slice(0, -1)]];
    return score.map((_, i) => {
      let nearest = NaN;
      for (const [values, cuts] of sides) {
        for (const cut of cuts) {
          const far = Math.abs(values[i] - cut);
          if (!(far >= nearest)) nearest = far === far ? far : nearest;
        }
      }
      return nearest;
    });
  };
  const near = (sides, status, margin) => Float64Array.from(status, (standing, i) => {
    if (standing !== 0) return NaN;
    return sides.some(([values, cuts]) => cuts.some((cut) =>
      reaches(values[i], cut - margin) && values[i] <= cut + margin + leeway(cut + margin))) ? 1 : 0;
  });
  const borderlines = (model, state, scores, score, status) => {
    if (model.borderline === null) return {};
    const found = { borderline_grade: near([[score, state.bounds.slice(0, -1)]], status, model.borderline) };
    for (const matrix of model.matrices) {
      const sides = ["x", "y"].map((side) => [scores[matrix[side].group], state.cuts[matrix.id][side]]);
      found[`borderline_${matrix.id}`] = near(sides, status, model.borderline);
    }
    return found;
  };

  /* Scores and who is rated, for one state of weights; classes and all else follow from them. */
  const standings = (model, state) => {
    const { scores, observed } = upward(model, state);
    const read = table(model);
    for (const group of model.groups) read.moving[`score_${group.id}`] = scores[group.id];
    for (const axis of model.axes) read.moving[`coverage_${axis.id}`] = observed[axis.group];
    read.moving.coverage = observed[model.root];
    const { score, hits } = ruled(model, scores, read);
    return { scores, observed, read, score, hits, ...standing(model, scores, observed, score, hits) };
  };

  /* Everything, for one state of weights, cuts and bounds. */
  const evaluate = (model, state) => {
    const { scores, observed, read, score, hits, status, reason } = standings(model, state);
    const { moving, truths } = read;
    const grade = graded(model, state, score, status, hits);
    const classes = classed(model, state, scores, status, hits);
    const rank = ranks(score, status);
    Object.assign(moving, { score, grade, rank, cut_distance: distance(model, state, scores, score) },
      borderlines(model, state, scores, score, status));
    for (const matrix of model.matrices) moving[`class_${matrix.id}`] = classes[matrix.id];
    const flags = {};
    for (const flag of model.flags) {
      flags[flag.id] = truths(flag.when);
      moving[`flag_${flag.id}`] = flags[flag.id];
    }
    const applies = model.actions.map((action) => (action.when === null ? null : truths(action.when)));
    const action = Array.from(status, (standing, i) => {
      if (standing !== 0) return null;
      const first = applies.findIndex((held) => held === null || held[i] === 1);
      return first < 0 ? "none_stated" : model.actions[first].id;
    });
    return { scores, observed, score, status, reason, grade, classes, rank, flags, action, hits };
  };

  /* How many of the rated have each grade, class, action and flag. */
  const counted = (model, found) => {
    const tally = (values) => {
      const counts = {};
      for (const value of values) if (value !== null) counts[value] = (counts[value] ?? 0) + 1;
      return counts;
    };
    const rated = (held) => {
      let total = 0;
      for (let i = 0; i < model.count; i += 1) if (found.status[i] === 0 && (held === null || held[i] === 1)) total += 1;
      return total;
    };
    return {
      rated: rated(null),
      grades: tally(found.grade), actions: tally(found.action),
      classes: Object.fromEntries(model.matrices.map((matrix) => [matrix.id, tally(found.classes[matrix.id])])),
      flags: Object.fromEntries(model.flags.map((flag) => [flag.id, rated(found.flags[flag.id])])),
    };
  };

  const copied = (from) => ({
    local: { ...from.local }, profiles: from.profiles.map((own) => ({ ...own })), bounds: [...from.bounds],
    cuts: Object.fromEntries(Object.entries(from.cuts).map(([id, { x, y }]) => [id, { x: [...x], y: [...y] }])),
  });

  /* Where a node has its weight: in a profile, from 1, or in everybody's weights. */
  const weightsIn = (state, profile, node) =>
    (profile > 0 && node in state.profiles[profile - 1] ? state.profiles[profile - 1] : state.local);

  /* The weights of siblings when one of them is set: the others share the rest as they did, and as they
     were evaluated where they have nothing left to share by. */
  const shared = (local, evaluated, siblings, node, weight) => {
    const others = siblings.filter((one) => one !== node);
    const before = others.reduce((total, one) => total + local[one], 0);
    const by = before > 0 ? local : evaluated;
    const whole = others.reduce((total, one) => total + by[one], 0);
    const rest = Object.fromEntries(others.map((one) => [one, whole > 0 ? by[one] / whole * (1 - weight) : (1 - weight) / others.length]));
    return { ...rest, [node]: weight };
  };

  /* The state with another weight of one node. */
  const withWeight = (model, state, profile, node, weight) => {
    const next = copied(state);
    const siblings = model.parents.get(node).children.filter((child) => !model.nodes.get(child).unobserved);
    const local = weightsIn(next, profile, node);
    Object.assign(local, shared(local, weightsIn(model.evaluated, profile, node), siblings, node, weight));
    return next;
  };

  /* The same model for some of its customers. */
  const only = (model, places) => {
    const some = (values) => values.constructor.from(places, (place) => values[place]);
    const of = (entries) => Object.fromEntries(Object.entries(entries).map(([key, values]) => [key, some(values)]));
    return {
      ...model, count: places.length, leaves: of(model.leaves), seen: of(model.seen), columns: of(model.columns),
      of: model.of === null ? null : some(model.of), settled: new Map(),
    };
  };

  return { decoded, stateOf, copied, standings, evaluate, counted, weightsIn, withWeight, only };
})();
