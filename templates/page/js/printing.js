/* Paper cannot be unfolded: what is folded is printed open, but for the further tables of the client's edition. */
page.printing = (() => {
  const folded = [];
  window.addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("main details:not([open], .client .fold)")) {
      folded.push(details);
      details.open = true;
    }
  });
  window.addEventListener("afterprint", () => { for (const details of folded.splice(0)) details.open = false; });

  return {};
})();
