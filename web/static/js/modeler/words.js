// The modeler's own texts in the language of the page. English is how it is written; for Chinese there is a
// dictionary, and every text that it misses is remembered, so that a test can name it.
export async function translator(dictionary) {
  const known = dictionary ? await (await fetch(dictionary)).json() : null;
  globalThis.untranslated = new Set();
  return (text, replacements = {}) => {
    if (text === undefined || text === null) return text;
    if (known && !(text in known) && !Object.values(known).includes(text)) globalThis.untranslated.add(text);
    const words = known?.[text] ?? text;
    return words.replace(/\{([^}]+)\}/g, (whole, name) => (name in replacements ? replacements[name] : whole));
  };
}
