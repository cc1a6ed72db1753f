/* Paper cannot be unfolded: everything folded is printed open. */
page.printing = (() => {
  const folded = [];
  window.addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("main details:not([open])")) {
      folded.push(details);
      details.open = true;
    }
  });
  window.addEventListener("afterprint", () => { for (const details of folded.splice(0)) details.open = false; });

  return {};
})();
