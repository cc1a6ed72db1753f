/* Weights, consistency and the answer that fits least, as the workbook shows them: Harker's matrix, in which a
   blank is 0 and adds 1 to the diagonal, squared until its principal eigenvector stands. */
form.ahp = (() => {
  const CLOSE = 1e-16, MOST = 200, A_STEP = 0.2, OFF = Math.log(3), BEATS = 1e-9;
  const RATIOS = [9, 8, 7, 6, 5, 4, 3, 2, 1, 1 / 2, 1 / 3, 1 / 4, 1 / 5, 1 / 6, 1 / 7, 1 / 8, 1 / 9];
  const square = (n) => Array.from({ length: n }, () => new Float64Array(n));

  /* pairs: [i, j] places; ratios: a number, or null for a comparison not made. */
  const tied = (n, pairs, ratios) => {
    const made = square(n), logs = square(n);
    pairs.forEach(([i, j], place) => {
      if (ratios[place] === null) return;
      made[i][j] = made[j][i] = 1;
      logs[i][j] = Math.log(ratios[place]);
      logs[j][i] = -logs[i][j];
    });
    return { made, logs };
  };
  const harker = (n, { made, logs }) => {
    const block = square(n);
    for (let i = 0; i < n; i += 1) {
      let blanks = n;
      for (let j = 0; j < n; j += 1) {
        if (made[i][j]) { block[i][j] = Math.exp(logs[i][j]); blanks -= 1; }
      }
      block[i][i] = blanks;
    }
    return block;
  };
  const sums = (block) => block.map((row) => row.reduce((sum, value) => sum + value, 0));
  const shares = (values) => {
    const total = values.reduce((sum, value) => sum + value, 0);
    return values.map((value) => value / total);
  };
  const squared = (block) => {
    const n = block.length, total = sums(block).reduce((sum, value) => sum + value, 0), next = square(n);
    for (let i = 0; i < n; i += 1) for (let k = 0; k < n; k += 1) {
      const value = block[i][k] / total;
      if (value) for (let j = 0; j < n; j += 1) next[i][j] += value * block[k][j];
    }
    return next;
  };
  /* Weights are there as soon as the comparisons tie everything together. */
  const weights = (n, block) => {
    let power = block, last = null;
    for (let turn = 0; turn < MOST; turn += 1) {
      power = squared(power);
      const now = shares(sums(power));
      const moved = last ? Math.max(...now.map((value, i) => Math.abs(value - last[i]))) : 1;
      last = now;
      if (moved <= CLOSE) break;
    }
    return power.every((row) => row.every((value) => value > 0)) ? last : null;
  };

  const evaluate = (group, ratios) => {
    const n = group.children.length, pairs = group.pairs, left = ratios.filter((ratio) => ratio === null).length;
    const ties = tied(n, pairs, ratios), block = harker(n, ties), found = weights(n, block);
    let cr = null;
    if (group.tested && left === 0 && found) {
      const root = block.reduce((sum, row) => sum + row.reduce((part, value, j) => part + value * found[j], 0), 0);
      cr = Math.max(0, (root - n) / (n - 1)) / group.ri;
    }
    return { n, left, weights: found, cr, consistent: cr !== null && cr < group.limit, ...misfit(group, ratios, ties, left, cr) };
  };

  /* What the other answers imply of a pair, over every third child that both are compared with. */
  const implied = (n, [i, j], { made, logs }) => {
    let sum = 0, paths = 0;
    for (let k = 0; k < n; k += 1) {
      if (made[i][k] && made[k][j]) { sum += logs[i][k] + logs[k][j]; paths += 1; }
    }
    return paths ? Math.max(-Math.log(9), Math.min(Math.log(9), sum / paths)) : null;
  };
  const misfit = (group, ratios, ties, left, cr) => {
    const n = group.children.length, whole = group.pairs.length === n * (n - 1) / 2;
    const means = group.pairs.map((pair) => implied(n, pair, ties));
    const gaps = ratios.map((ratio, place) =>
      ratio === null || means[place] === null ? 0 : Math.abs(Math.log(ratio) - means[place]));
    const most = Math.max(0, ...gaps);
    const alarm = left === 0 && whole ? group.tested && !(cr !== null && cr < group.limit) : most >= OFF;
    const worst = alarm && most > A_STEP ? gaps.findIndex((gap) => gap >= most - BEATS) : -1;
    return { worst, fitting: worst < 0 ? null : nearest(means[worst]), cycles: cycles(group, ties) };
  };
  const nearest = (mean) => {
    const near = Math.min(9, Math.floor(Math.exp(Math.abs(mean)) + 0.5));
    return mean >= 0 ? 9 - near : 7 + near;
  };
  const cycles = ({ children }, { logs }) => {
    const found = [], n = children.length;
    for (let i = 0; i < n; i += 1) for (let j = i + 1; j < n; j += 1) for (let k = j + 1; k < n; k += 1) {
      const sides = [logs[i][j], logs[j][k], logs[k][i]];
      if (sides.every((side) => side > BEATS)) found.push([i, j, k]);
      if (sides.every((side) => side < -BEATS)) found.push([i, k, j]);
    }
    return found;
  };

  return { RATIOS, evaluate };
})();
