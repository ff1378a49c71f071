// The modeler's own texts in the language of the page. English is how it is written; for Chinese there is a
// dictionary, and every text that it misses is remembered, so that a test can name it.
export async function translator(dictionary) {
  const known = dictionary ? await (await fetch(dictionary)).json() : null;
  const own = new Set(Object.values(known ?? {}));
  globalThis.untranslated = new Set();
  return (text, replacements = {}) => {
    if (text === undefined || text === null) return text;
    if (known && !(text in known) && !own.has(text)) globalThis.untranslated.add(text);
    const words = known?.[text] ?? text;
    return words.replace(/\{([^}]+)\}/g, (whole, name) => (name in replacements ? replacements[name] : whole));
  };
}

/** Some buttons of the panel bring their own English title along instead of asking: they get their words, too. */
export function titles(panel, translate) {
  const mend = () => {
    for (const each of panel.querySelectorAll("[title]")) {
      if (each.dataset.said === each.title) continue;
      const number = /^List contains (\d+)/.exec(each.title)?.[1];
      const text = number ? each.title.replace(number, "{numOfItems}") : each.title;
      const words = translate(text, { numOfItems: number });
      each.dataset.said = each.title = words;
    }
  };
  new MutationObserver(mend).observe(panel, { subtree: true, childList: true, attributeFilter: ["title"] });
}
