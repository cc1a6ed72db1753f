/* The charts, drawn by the library under the page's policy. */
page.charts = (() => {
  const { data, texts, root } = page.frame;

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

  return { draw };
})();
