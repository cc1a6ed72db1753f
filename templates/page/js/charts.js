/* The charts, drawn by the library under the page's policy: those of the level that is shown before the others,
   one at a time, so that the page answers meanwhile; nothing is left to be drawn when somebody prints. */
page.charts = (() => {
  const { data, texts, root } = page.frame;

  const waiting = new Map(Object.entries(data.charts));
  const next = () => {
    const seen = [...waiting.keys()].find((id) => !document.getElementById(`chart-${id}`).closest("[hidden]"));
    return seen ?? waiting.keys().next().value;
  };
  const draw = async () => {
    let drawn = 0;
    while (waiting.size) {
      const id = next();
      const place = document.getElementById(`chart-${id}`);
      const spec = waiting.get(id);
      waiting.delete(id);
      try {
        await window.vegaEmbed(place, spec, { renderer: "svg", actions: false, ast: true });
        drawn += 1;
      } catch (error) {
        place.textContent = texts.failed;
        console.error(error);
      }
      await new Promise((resolve) => { setTimeout(resolve); });
    }
    root.dataset.charts = String(drawn);
  };

  return { draw };
})();
