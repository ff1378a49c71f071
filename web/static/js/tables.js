// Decision tables: rules and columns change without leaving the page, unsaved work is guarded, Enter goes down.
// Everything works without this file: each button asks the server for the page as it then is.
"use strict";

const place = document.querySelector("#tables");
const NUMBER = "td.no input";
const TYPED = "input:not([type=hidden]), textarea, select";
let dirty = "unsaved" in place.dataset;
let asking = false;
let placing = false; // the answer is being put on the page: what loses the focus now was not left by the reader
let composing = false; // a word, by an input method
let held = false; // the pointer is down
let pressing = null; // on this button: its own act takes typed numbers along
const waiting = []; // buttons that were pressed while an answer was under way

function touched() {
  dirty = true;
  const state = document.querySelector("#unsaved");
  if (state) state.textContent = document.querySelector("[data-unsaved-word]").textContent;
}

const typed = () => new Map([...place.querySelectorAll(TYPED)].map((field) => [field.name, field.value]));
const named = (name) => [...place.querySelectorAll(TYPED)].find((field) => field.name === name);
const told = (button) => button.matches("[data-check]"); // it is the button by which a reader asks to be told
const twin = (button) => [...place.querySelectorAll("button[name=act]")].find((each) => each.value === button.value && told(each) === told(button));

/** Resolves when the page may be replaced: a word that is being composed and a click would go with their element. */
async function idle() {
  const first = (...names) => new Promise((done) => names.forEach((name) => addEventListener(name, () => setTimeout(done), { once: true })));
  while (composing || (held && pressing)) await first(...(composing ? ["compositionend"] : ["pointerup", "pointercancel"]));
}
addEventListener("compositionstart", () => { composing = true; });
addEventListener("compositionend", () => { composing = false; });

/** Puts the answer in the place of what stands here, with what was typed since it was asked for. */
function show(fresh, sent) {
  const since = [...typed()].filter(([name, value]) => sent.get(name) !== value);
  const sheets = [...document.querySelectorAll(".sheet")].map((each) => [each.scrollLeft, each.scrollTop]);
  const open = [...place.querySelectorAll("details[id][open]")].map((each) => each.id);
  const [x, y] = [scrollX, scrollY];
  placing = true;
  place.replaceChildren(...fresh.childNodes);
  placing = false;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  place.querySelectorAll(".sheet").forEach((each, at) => { if (sheets[at]) [each.scrollLeft, each.scrollTop] = sheets[at]; });
  scrollTo(x, y);
  dirty = "unsaved" in fresh.dataset;
  for (const [name, value] of since) {
    const field = named(name);
    if (field) field.value = value;
  }
  if (since.some(([name]) => named(name) && !named(name).closest("[data-aside]"))) touched();
}

/** Where the reader is, to be found again on the page that replaces this one. */
function reader() {
  const field = document.activeElement ?? document.body;
  const range = field.matches("textarea, input:not([type=number])") ? [field.selectionStart, field.selectionEnd] : null;
  return () => {
    const again = field.name === "act" ? twin(field) : field.name ? named(field.name) : null;
    again?.focus({ preventScroll: true });
    if (again && range) again.setSelectionRange(...range);
    return again;
  };
}

/** The page as it is after an act; the focus goes where the act leads, unless the reader has gone elsewhere. */
async function act(pressed) {
  asking = true;
  const sent = typed();
  try {
    const answer = await fetch(place.action, { method: "POST", body: new URLSearchParams(new FormData(place, pressed)) });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#tables");
    if (!fresh) throw new Error(answer.statusText);
    await idle();
    const stayed = [pressed, document.body].includes(document.activeElement);
    const back = reader();
    show(fresh, sent);
    const next = stayed ? place.querySelector("[autofocus]") : null;
    if (next && !/^(up|down) /.test(pressed.value)) next.focus({ preventScroll: true });
    else back();
    (place.querySelector("[role=alert]") ?? (told(pressed) ? place.querySelector("#problems") : next))?.scrollIntoView({ block: "nearest" });
  } catch (error) {
    console.info(error);
    waiting.length = 0;
    document.querySelector("#unsaved").textContent = place.dataset.offline;
  } finally {
    asking = false;
  }
  let further;
  while (!further && waiting.length) further = twin(waiting.shift());
  further?.click();
}

place.addEventListener("click", (event) => {
  const pressed = event.target.closest("button[name=act]");
  if (!pressed) return;
  pressing = null;
  if (asking) {
    event.preventDefault();
    waiting.push(pressed);
  } else if (pressed.value === "save") {
    dirty = false;
  } else {
    event.preventDefault();
    act(pressed);
  }
});
place.addEventListener("input", ({ target }) => { if (!target.closest("[data-aside]")) touched(); }); // values to try are no edit

/** A rule goes to the number that was typed when its field is left, at once or with the button that is pressed. */
addEventListener("pointerdown", (event) => {
  held = true;
  pressing = event.target.closest("button[name=act]");
});
for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => { held = false; });
addEventListener("keydown", () => { pressing = null; });
place.addEventListener("focusout", ({ target }) => {
  if (placing || pressing || !target.matches(NUMBER) || target.value === target.defaultValue) return;
  const order = place.querySelector("button[value=check]");
  if (asking) waiting.push(order);
  else act(order);
});

/** Enter in a value to try tries it. */
place.addEventListener("keydown", (event) => {
  const button = event.target.closest("[data-aside]")?.querySelector("[data-try]");
  if (event.key !== "Enter" || event.isComposing || !button || !event.target.matches("input")) return;
  event.preventDefault();
  button.click();
});

/** Enter goes to the same column of the next rule, Shift+Enter breaks the line. */
place.addEventListener("keydown", (event) => {
  const cell = event.target.closest("table.rules td");
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || !cell || event.target.matches("button, input")) return;
  event.preventDefault();
  cell.parentElement.nextElementSibling?.cells[cell.cellIndex]?.querySelector("textarea")?.focus();
});
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
  event.preventDefault();
  place.querySelector("button[value=save]")?.click();
});
addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
