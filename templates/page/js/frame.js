/* What every module works with: the data of the page, text that stays text, policy violations counted. */
page.frame = (() => {
  const root = document.documentElement;
  root.dataset.violations = "0";
  document.addEventListener("securitypolicyviolation", () => {
    root.dataset.violations = String(Number(root.dataset.violations) + 1);
  });

  const data = JSON.parse(document.getElementById("page-data").textContent);

  /* Text only ever enters the page as text: nothing here writes HTML. */
  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined) made.setAttribute(key, value);
    }
    made.append(...children.filter((child) => child !== null && child !== undefined));
    return made;
  };

  const texts = data.texts;
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const comparable = (text) => text.normalize("NFKC").toLowerCase();

  return { data, texts, element, filled, comparable, root };
})();
