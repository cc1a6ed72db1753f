/* Answers are kept in this browser until they are sent; a browser that keeps nothing says so. */
form.keeping = (() => {
  const { place } = form.frame;
  const open = (key, texts) => {
    let kept = null, storage = true;
    try {
      const text = window.localStorage.getItem(key);
      window.localStorage.setItem(`${key}?`, "");  // asked under another name: what is kept is not touched
      window.localStorage.removeItem(`${key}?`);
      kept = text ? JSON.parse(text) : null;
    } catch { storage = false; }
    const keep = (state) => {
      if (storage) try { window.localStorage.setItem(key, JSON.stringify(state)); } catch { storage = false; }
      place("kept").textContent = storage ? texts.kept : texts.unkept;
    };
    return { kept, keep };
  };

  /* A page opened from a file or inside a messenger may refuse to save: the text can be selected as well. */
  const finish = (name, file) => {
    const link = document.createElement("a"), text = file();
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    place("file").hidden = false;
    place("file").value = text;
  };
  const copy = async (field) => {
    field.focus();
    field.select();
    try { await navigator.clipboard.writeText(field.value); return true; } catch { return document.execCommand("copy"); }
  };

  return { open, finish, copy };
})();
