// How a property is entered: a text, one of a list, several words as chips.

/** An element with its properties and children. */
export function make(tag, facts = {}, ...children) {
  const made = Object.assign(document.createElement(tag), facts);
  made.append(...children);
  return made;
}

function framed({ id, label, help }, ...inside) {
  const texts = help ? [make("p", { className: "help", id: `${id}-help`, textContent: help })] : [];
  return make("div", { className: "field" }, make("label", { htmlFor: id, textContent: label }), ...inside, ...texts);
}

function described(input, { id, help }) {
  input.id = id;
  if (help) input.setAttribute("aria-describedby", `${id}-help`);
  return input;
}

/** A line or several lines of text. */
export function field(facts, long = false) {
  const input = described(make(long ? "textarea" : "input", { value: facts.value, autocomplete: "off" }), facts);
  input.addEventListener("change", () => facts.change(input.value.trim()));
  return framed(facts, input);
}

/** One of a list; what stands there without being in it stays. */
export function pick(facts) {
  const { options = {}, value, words } = facts;
  const known = value && !(value in options) ? { ...options, [value]: value } : options;
  const input = described(make("select", {}, make("option", { value: "", textContent: words.choose }),
    ...Object.entries(known).map(([id, text]) => make("option", { value: id, textContent: text === id ? id : `${text} (${id})` }))), facts);
  input.value = value;
  input.addEventListener("change", () => facts.change(input.value));
  return framed(facts, input);
}

/** Several words, each with a button that takes it away; new ones are typed or chosen from a list. */
export function chips(facts) {
  const { id, options = {}, words } = facts;
  const held = facts.value.split(/[\s,;，；、]+/).filter(Boolean);
  const list = make("ul", { className: "chips" });
  const offered = make("datalist", { id: `${id}-list` }, ...Object.entries(options).map(([key, text]) => make("option", { value: key, label: text.slice(0, 120) })));
  const input = described(make("input", { autocomplete: "off" }), facts);
  input.setAttribute("list", `${id}-list`);
  const draw = () => list.replaceChildren(...held.map((word, at) => {
    const remove = make("button", { type: "button", className: "link", textContent: "×", ariaLabel: `${words.remove} ${word}` });
    remove.addEventListener("click", () => { held.splice(at, 1); done(); });
    return make("li", { title: options[word] ?? word }, make("span", { className: "mono", textContent: word }), remove);
  }));
  const done = () => { draw(); facts.change(held.join(" ")); };
  const add = () => {
    const typed = input.value.trim().split(/[\s,;，；、]+/).filter((word) => word && !held.includes(word));
    input.value = "";
    if (typed.length) { held.push(...typed); done(); }
  };
  input.addEventListener("change", add);
  input.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); add(); } });
  draw();
  return framed(facts, list, input, offered);
}
