/* What every module works with: the data of the page, and text that stays text. */
form.frame = (() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const place = (id) => document.getElementById(id);
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  /* Text only ever enters the page as text: nothing here writes HTML. */
  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value);
    }
    made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
    return made;
  };

  return { read, place, filled, element };
})();
